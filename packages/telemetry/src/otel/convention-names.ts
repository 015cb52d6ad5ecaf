/**
 * Which version of the GenAI semantic conventions the names follow. `genai-0.1`: the first release of
 * `open-telemetry/semantic-conventions-genai` (v0.1.0, read on 2026-11-29). `1.41`: the last version in the general conventions, for
 * backends that read those. `both`: all names of both.
 */
export type ConventionNames = "genai-0.1" | "1.41" | "both";

/** Which names to write. */
export interface NameChoice {
  readonly current: boolean;
  readonly old: boolean;
}

/** Resolves a {@link ConventionNames}. */
export const toNameChoice = (names: ConventionNames): NameChoice => ({
  current: names !== "1.41",
  old: names !== "genai-0.1",
});
