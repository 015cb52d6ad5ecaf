import type { Attempt, AttemptAsk, AttemptGate, Permit, Refusal } from "@babylon/llm-core";

/**
 * The reaction of a scripted gate: permit, refuse, throw an error, or the result of a function, such as a promise that the test settles.
 */
export type GateStep =
  | "permit"
  | Refusal
  | Error
  | ((ask: AttemptAsk) => "permit" | Refusal | Promise<"permit" | Refusal>);

/** A permit that a scripted gate issued. */
export interface IssuedPermit {
  readonly ask: AttemptAsk;
  /** The attempts with which it was settled: exactly one in a correct run. */
  readonly settled: readonly Attempt[];
}

/** A gate that records its calls and its permits. */
export interface ScriptedGate extends AttemptGate {
  readonly asks: readonly AttemptAsk[];
  readonly permits: readonly IssuedPermit[];
  /** Throws if a permit was not settled exactly once. Call it after all calls have ended. */
  verify(): void;
}

/**
 * Creates a gate that uses one step per `admit`; the last step repeats. `peek` returns the refusal of the next step if it is known.
 *
 * @param steps - a list, or a function of the request. Default: permit everything
 */
export function scriptedGate(steps: readonly GateStep[] | ((ask: AttemptAsk) => GateStep) = ["permit"]): ScriptedGate {
  const asks: AttemptAsk[] = [];
  const permits: IssuedPermit[] = [];

  const stepOf = (ask: AttemptAsk, at: number): GateStep =>
    typeof steps === "function" ? steps(ask) : (steps[Math.min(at, steps.length - 1)] ?? "permit");

  function answer(ask: AttemptAsk, decision: "permit" | Refusal): Permit | Refusal {
    if (decision !== "permit") return decision;
    const settled: Attempt[] = [];
    permits.push({ ask, settled });
    return { settle: (attempt) => void settled.push(attempt) };
  }

  return {
    asks,
    permits,
    admit(ask) {
      asks.push(ask);
      const step = stepOf(ask, asks.length - 1);
      if (step instanceof Error) throw step;
      if (typeof step !== "function") return answer(ask, step);
      const decision = step(ask);
      return decision instanceof Promise ? decision.then((settled) => answer(ask, settled)) : answer(ask, decision);
    },
    peek(ask) {
      const step = stepOf(ask, asks.length);
      return typeof step === "object" && "why" in step ? step : undefined;
    },
    verify() {
      for (const { ask, settled } of permits) {
        if (settled.length === 1) continue;
        throw new Error(`a permit for attempt ${ask.number} of ${ask.callId} was settled ${settled.length} times`);
      }
    },
  };
}
