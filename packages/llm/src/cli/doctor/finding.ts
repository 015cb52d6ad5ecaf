/** What one check found. */
export interface Finding {
  /** What was looked at, in a word or two: `WANDB_API_KEY`, `clock`. */
  readonly about: string;
  /** `skipped`: there was nothing to check. `warning`: works, and may surprise. `bad`: has to be put right. */
  readonly verdict: "good" | "warning" | "bad" | "skipped";
  /** What is the case. */
  readonly says: string;
  /** What to do; `null` when there is nothing to do. */
  readonly fix: string | null;
}
