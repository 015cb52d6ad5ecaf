import type { AttemptGate } from "../../contract/attempt-gate.ts";
import type { CallOptions } from "../../contract/call-options.ts";
import type { SkippedProvider } from "../../contract/plan.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import type { Engine } from "../engine.ts";
import { conversationOf, toModelRequest } from "../to-model-request.ts";
import { isRefusal, toAttemptAsk } from "./pass-gates.ts";

const NEVER_ABORTED: AbortSignal = new AbortController().signal;

/** Which links the gates would refuse now for a call with these options. Reserves nothing. */
export function peekGates(
  { gates, guard }: Engine,
  links: readonly ChainLink[],
  options: CallOptions,
): readonly SkippedProvider[] {
  const peeking = gates.filter(({ peek }) => peek !== undefined);
  if (peeking.length === 0) return [];
  const conversation = conversationOf(options);

  function refusalOf(link: ChainLink, gate: AttemptGate): readonly string[] {
    const { request } = toModelRequest(link, options, conversation);
    const at = {
      callId: options.callId ?? "",
      number: 1,
      kind: "first",
      provider: link.provider,
      signal: NEVER_ABORTED,
    } as const;
    const refusal: unknown = guard.run("a gate", "peek", () => gate.peek?.(toAttemptAsk({ options }, request, at)));
    return isRefusal(refusal) ? [refusal.why] : [];
  }

  return links.flatMap((link) => {
    const [why] = peeking.flatMap((gate) => refusalOf(link, gate));
    return why === undefined ? [] : [{ provider: link.provider, reason: `refused: ${why}` }];
  });
}
