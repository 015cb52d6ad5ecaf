/** The result of one check. */
export interface Finding {
  /** The subject, such as `WANDB_API_KEY` or `clock`. */
  readonly about: string;
  /** `skipped`: there was nothing to check. `warning`: works with a risk. `bad`: needs a fix. */
  readonly verdict: "good" | "warning" | "bad" | "skipped";
  /** The observation. */
  readonly message: string;
  /** How to fix it; `null` if there is nothing to fix. */
  readonly fix: string | null;
}
