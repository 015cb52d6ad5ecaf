import type { AttemptAsk, AttemptGate, Permit, Refusal } from "../../contract/attempt-gate.ts";
import { isRecord } from "../../contract/json.ts";
import type { ModelRequest } from "../../contract/provider.ts";
import { budgetError } from "../../errors/budget-error.ts";
import type { LLMError } from "../../errors/llm-error.ts";
import { type AttemptEnd, type AttemptInput, CANCELLED } from "../attempt/attempt-input.ts";
import { type AttemptResult, lost } from "../attempt/attempt-result.ts";
import { toUnmadeAttempt } from "../attempt/to-attempt.ts";
import { addWaiter, type Call, giveBackNumber, removeWaiter } from "../call.ts";
import type { Engine } from "../engine.ts";
import { requestBytes } from "../request-bytes.ts";
import { type Admission, settlePermit, withdrawAdmission } from "./admission.ts";

const A_GATE = "a gate";

const isPermit = (answer: unknown): answer is Permit => isRecord(answer) && typeof answer.settle === "function";

/** Whether a gate's answer refuses. */
export const isRefusal = (answer: unknown): answer is Refusal => isRecord(answer) && typeof answer.why === "string";

/** What gates are asked about an attempt. */
export function toAsk(
  { options }: Pick<Call, "options">,
  request: ModelRequest,
  at: Pick<AttemptAsk, "callId" | "number" | "provider" | "signal">,
): AttemptAsk {
  return {
    ...at,
    model: request.model,
    tenant: options.tenant ?? null,
    agent: options.agent ?? null,
    purpose: options.purpose ?? null,
    requestBytes: requestBytes(request),
    maxOutputTokens: request.maxOutputTokens ?? null,
  };
}

/** The gate's answer; `null` where the attempt was given up meanwhile. A permit that comes after that is settled by `late`. */
async function answerOf(
  { guard }: Engine,
  gate: AttemptGate,
  ask: AttemptAsk,
  late: (permit: Permit) => void,
): Promise<unknown> {
  const answer = guard.run(A_GATE, "admit", () => gate.admit(ask));
  if (!(answer instanceof Promise)) return answer;
  const { signal } = ask;
  return new Promise((resolve) => {
    const giveUp = (): void => resolve(null);
    signal.addEventListener("abort", giveUp, { once: true });
    answer.then(
      (given) => {
        signal.removeEventListener("abort", giveUp);
        if (signal.aborted && isPermit(given)) late(given);
        resolve(signal.aborted ? null : given);
      },
      () => {
        signal.removeEventListener("abort", giveUp);
        resolve(undefined);
      },
    );
  });
}

/**
 * Asks the gates about an attempt, in their order, and keeps their permits with the admission. `null`: the attempt may be made. Else how
 * it ended without being made, with everything given back. Rejects with the call's interruption.
 */
export async function passGates(input: AttemptInput<unknown>, admission: Admission): Promise<AttemptEnd<never> | null> {
  const { engine, call, link, number, request, controller, rival } = input;
  const { provider } = link;
  const { signal } = controller;
  const interrupted = (error: LLMError): void => controller.abort(error);
  const unmade = (outcome: AttemptResult) => toUnmadeAttempt(input, outcome);
  const given = (): AttemptResult => call.interruption ?? "cancelled";
  const withdraw = (outcome: AttemptResult): void => {
    giveBackNumber(call, number);
    withdrawAdmission(admission, unmade(outcome));
  };

  addWaiter(call, interrupted);
  rival.onLost(() => controller.abort(lost()));
  try {
    const ask = toAsk(call, request, { callId: call.id, number, provider, signal });
    for (const gate of engine.gates) {
      const late = (permit: Permit): void => settlePermit(engine, permit, unmade(given()));
      const answer = signal.aborted ? null : await answerOf(engine, gate, ask, late);
      if (isPermit(answer)) admission.permits = [...admission.permits, answer];
      if (signal.aborted) {
        withdraw(given());
        if (call.interruption !== null) throw call.interruption;
        return CANCELLED;
      }
      if (isPermit(answer)) continue;
      if (!isRefusal(answer)) {
        // What was thrown is logged already.
        if (answer !== undefined) engine.guard.failed(A_GATE, "admit", new TypeError("neither permit nor refusal"));
        continue;
      }
      const error = refused(input, answer);
      withdraw(error);
      return { type: "failed", error, again: false, toolParts: false };
    }
    return null;
  } finally {
    removeWaiter(call, interrupted);
  }
}

function refused({ call, link }: AttemptInput<unknown>, { why, retryAfterMs }: Refusal): LLMError {
  const { provider, model } = link;
  return budgetError([{ provider, model, why, retryAfterMs }], call.id);
}
