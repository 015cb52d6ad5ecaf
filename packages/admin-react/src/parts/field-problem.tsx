import type { ReactElement } from "react";

interface FieldProblemProps {
  /** The id of the field, whose `aria-describedby` is this id with `-problem`. */
  readonly field: string;
  /** `undefined` or `null`: nothing is wrong. */
  readonly problem: string | undefined | null;
}

/** What is wrong with a field of a form, below it. */
export function FieldProblem({ field, problem }: FieldProblemProps): ReactElement | null {
  if (problem === undefined || problem === null) return null;
  return (
    <p className="bm-problem" id={`${field}-problem`}>
      {problem}
    </p>
  );
}
