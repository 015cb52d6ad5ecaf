/** What happens to a job. `at`: epoch milliseconds of this process. */
export type TuningEvent =
  | { readonly type: "started"; readonly at: number; readonly steps: number | null }
  | {
      readonly type: "step";
      readonly at: number;
      /** From 1. */
      readonly step: number;
      /** The number of steps; `null`: not known. */
      readonly of: number | null;
      /** `null`: not reported. */
      readonly loss: number | null;
      /** Estimated from the steps that this process saw; `null`: too few of them, or the number of steps is not known. */
      readonly timeLeftMs: number | null;
    }
  | { readonly type: "ended"; readonly at: number }
  | { readonly type: "failed"; readonly at: number; readonly reason: string | null };
