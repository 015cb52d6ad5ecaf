import type { AssignInput, Assignment, CallRouter } from "@babylon/llm-core";

/** A router that records its inputs. */
export interface FixedRouter extends CallRouter {
  readonly inputs: readonly AssignInput[];
}

/** The name of an arm and its changes. */
export type FixedArm = Partial<Assignment> & Pick<Assignment, "arm">;

/**
 * Creates a router that assigns every call to the same arms.
 *
 * @param arms - the arms, or a function that returns the arms for an input
 */
export function fixedRouter(arms: readonly FixedArm[] | ((input: AssignInput) => readonly FixedArm[])): FixedRouter {
  const inputs: AssignInput[] = [];
  return {
    inputs,
    assign(input) {
      inputs.push(input);
      const assigned = typeof arms === "function" ? arms(input) : arms;
      return assigned.map((arm) => ({ experiment: "experiment", version: 1, bucket: 0, probability: 1, ...arm }));
    },
  };
}
