/** One provider with one model, as the chain holds it, and why that model. */
export interface PlannedLink {
  readonly provider: string;
  readonly model: string;
  /** Where the model comes from and anything else that put the link in its place, for people. */
  readonly reason: string;
}

/** A provider that is not in the chain, and why, for people. */
export interface SkippedProvider {
  readonly provider: string;
  /** For example `no key: set GROQ_API_KEY`, `switched off`, `unsupported: images`, `resting until …`. */
  readonly reason: string;
}

/** What a call would do, decided without calling anyone. */
export interface Plan {
  /** In the order in which they would be tried. */
  readonly links: readonly PlannedLink[];
  readonly skipped: readonly SkippedProvider[];
  readonly warnings: readonly string[];
  readonly settingsVersion: number | null;
}
