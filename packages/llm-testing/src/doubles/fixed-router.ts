import type { AssignInput, Assignment, CallRouter } from "@babylon/llm-core";

/** A router that remembers what it was asked. */
export interface FixedRouter extends CallRouter {
  readonly inputs: readonly AssignInput[];
}

/** What an arm changes, and its name. */
export type FixedArm = Partial<Assignment> & Pick<Assignment, "arm">;

/**
 * Makes a router that puts every call into the same arms.
 *
 * @param arms - these arms; or a function that gives those of an input
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
