import type { AttemptAsk, AttemptGate, Permit, Refusal } from "../../contract/attempt-gate.ts";
import { isRecord } from "../../contract/json.ts";
import type { ModelRequest } from "../../contract/provider.ts";
import { budgetError } from "../../errors/budget-error.ts";
import type { LLMError } from "../../errors/llm-error.ts";
import { type AttemptEnd, type AttemptInput, CANCELLED } from "../attempt/attempt-input.ts";
import { type AttemptResult, lostRaceError } from "../attempt/attempt-result.ts";
import { toUnmadeAttempt } from "../attempt/to-attempt.ts";
import { addInterruptionListener, type Call, giveBackNumber, removeInterruptionListener } from "../call.ts";
import type { Engine } from "../engine.ts";
import { requestBytes } from "../request-bytes.ts";
import { type Admission, settlePermit, withdrawAdmission } from "./admission.ts";

const A_GATE = "a gate";

const isPermit = (answer: unknown): answer is Permit => isRecord(answer) && typeof answer.settle === "function";

/** Whether a gate's answer is a refusal. */
export const isRefusal = (answer: unknown): answer is Refusal => isRecord(answer) && typeof answer.why === "string";

/** The question to the gates about one attempt. */
export function toAttemptAsk(
  { options }: Pick<Call, "options">,
  request: ModelRequest,
  at: Pick<AttemptAsk, "callId" | "number" | "kind" | "provider" | "signal">,
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

/** The gate's answer; `null` if the attempt was aborted meanwhile. A permit that arrives later is passed to `settleLate`. */
async function askGate(
  { guard }: Engine,
  gate: AttemptGate,
  ask: AttemptAsk,
  settleLate: (permit: Permit) => void,
): Promise<unknown> {
  const answer = guard.run(A_GATE, "admit", () => gate.admit(ask));
  if (!(answer instanceof Promise)) return answer;
  const { signal } = ask;
  return new Promise((resolve) => {
    const onAbort = (): void => resolve(null);
    signal.addEventListener("abort", onAbort, { once: true });
    answer.then(
      (given) => {
        signal.removeEventListener("abort", onAbort);
        if (signal.aborted && isPermit(given)) settleLate(given);
        resolve(signal.aborted ? null : given);
      },
      () => {
        signal.removeEventListener("abort", onAbort);
        resolve(undefined);
      },
    );
  });
}

/**
 * Requests permits for an attempt from the gates, in their order, and adds them to the admission. `null`: the attempt may start. Else the end of
 * an attempt that was not made, with everything released. Rejects with the call's interruption.
 */
export async function passGates(input: AttemptInput<unknown>, admission: Admission): Promise<AttemptEnd<never> | null> {
  const { engine, call, link, number, kind, request, controller, rival } = input;
  const { provider } = link;
  const { signal } = controller;
  const interrupted = (error: LLMError): void => controller.abort(error);
  const unmade = (outcome: AttemptResult) => toUnmadeAttempt(input, outcome);
  const abortOutcome = (): AttemptResult => call.interruption ?? "cancelled";
  const withdraw = (outcome: AttemptResult): void => {
    giveBackNumber(call, number);
    withdrawAdmission(admission, unmade(outcome));
  };

  addInterruptionListener(call, interrupted);
  rival.onLost(() => controller.abort(lostRaceError()));
  try {
    const ask = toAttemptAsk(call, request, { callId: call.id, number, kind, provider, signal });
    for (const gate of engine.gates) {
      const settleLate = (permit: Permit): void => settlePermit(engine, permit, unmade(abortOutcome()));
      const answer = signal.aborted ? null : await askGate(engine, gate, ask, settleLate);
      if (isPermit(answer)) admission.permits = [...admission.permits, answer];
      if (signal.aborted) {
        withdraw(abortOutcome());
        if (call.interruption !== null) throw call.interruption;
        return CANCELLED;
      }
      if (isPermit(answer)) continue;
      if (!isRefusal(answer)) {
        // `undefined`: the gate threw, and that has been logged.
        if (answer !== undefined) engine.guard.failed(A_GATE, "admit", new TypeError("neither permit nor refusal"));
        continue;
      }
      const error = refusalError(input, answer);
      withdraw(error);
      return { type: "failed", error, again: false, toolParts: false };
    }
    return null;
  } finally {
    removeInterruptionListener(call, interrupted);
  }
}

function refusalError({ call, link }: AttemptInput<unknown>, { why, retryAfterMs }: Refusal): LLMError {
  const { provider, model } = link;
  return budgetError([{ provider, model, why, retryAfterMs }], call.id);
}
