import type { Attempt, AttemptAsk, AttemptGate, Permit, Refusal } from "@babylon/llm-core";

/**
 * What a scripted gate does when it is asked: permit, refuse, throw an error, or whatever a function of the ask returns, such as a
 * promise that the test settles.
 */
export type GateStep =
  | "permit"
  | Refusal
  | Error
  | ((ask: AttemptAsk) => "permit" | Refusal | Promise<"permit" | Refusal>);

/** A permit that a scripted gate gave. */
export interface GivenPermit {
  readonly ask: AttemptAsk;
  /** What it was settled with: one attempt, when all is well. */
  readonly settled: readonly Attempt[];
}

/** A gate that remembers what it was asked and what became of its permits. */
export interface ScriptedGate extends AttemptGate {
  readonly asks: readonly AttemptAsk[];
  readonly permits: readonly GivenPermit[];
  /** Throws when a permit was not settled exactly once. To be called when all calls are over. */
  verify(): void;
}

/**
 * Makes a gate that takes one step for each ask, the last one repeating. It peeks like it admits, where the step is known beforehand.
 *
 * @param steps - a list, or a function of the ask. Default: it permits everything
 */
export function scriptedGate(steps: readonly GateStep[] | ((ask: AttemptAsk) => GateStep) = ["permit"]): ScriptedGate {
  const asks: AttemptAsk[] = [];
  const permits: GivenPermit[] = [];

  const stepOf = (ask: AttemptAsk, at: number): GateStep =>
    typeof steps === "function" ? steps(ask) : (steps[Math.min(at, steps.length - 1)] ?? "permit");

  function answer(ask: AttemptAsk, given: "permit" | Refusal): Permit | Refusal {
    if (given !== "permit") return given;
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
      const given = step(ask);
      return given instanceof Promise ? given.then((late) => answer(ask, late)) : answer(ask, given);
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
