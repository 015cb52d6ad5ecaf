import { fillOrder } from "../answers/fill-order.ts";
import { type Decision, decisionSchema } from "../answers/order.ts";
import { decisionPrompt } from "../prompts/decision-prompt.ts";
import type { World } from "../world/world.ts";
import { runStage, type Tick } from "./tick.ts";
import { makeCall } from "./tick-calls.ts";
import { type Filled, type Source, sourceOf } from "./tick-result.ts";

/** The decisions of a batch, and the ids of the characters without one. */
export interface DecisionBatch {
  readonly decisions: readonly Filled<Decision>[];
  readonly undecided: readonly string[];
  readonly decisionSource: Source | null;
}

/**
 * Requests the decisions of all characters in one batch. It has priority over all other queued calls, and starts with
 * the tick, so that other calls cannot use up its time.
 */
export function decide(tick: Tick): Promise<DecisionBatch> {
  const { characters, questions } = tick.world;
  const ids = characters.map((character) => character.id);
  const call = { stage: "decisions", key: "all", what: `decisions of ${ids.length} characters`, priority: 10 } as const;
  return runStage(
    tick,
    { stage: "decisions", calls: 1, what: `${ids.length} characters decide, in one batch` },
    async () => {
      const result = await makeCall(tick, call, (options) =>
        tick.llm.generateArray({
          ...options,
          element: decisionSchema(questions.map((question) => question.id)),
          expected: { ids, idOf: (decision) => decision.characterId },
          prompt: decisionPrompt(tick.world, characters),
          temperature: 0.7,
        }),
      );
      if (result === null) return { decisions: [], undecided: ids, decisionSource: null };
      return {
        decisions: result.items.map((decision) => fill(tick.world, decision)),
        undecided: result.missing,
        decisionSource: sourceOf(result),
      };
    },
  );
}

function fill(world: World, decision: Decision): Filled<Decision> {
  const character = world.characters.find((one) => one.id === decision.characterId);
  return { ...decision, filledShares: character === undefined ? 0 : fillOrder(world, character, decision) };
}
