/** What a scrubber found in one text. `drop`: the example must not be used. */
export type Scrubbed = { readonly text: string; readonly masked: Readonly<Record<string, number>> } | "drop";

/** Looks for what must not be trained on. Pure and synchronous; called for each text of an example, with names of fields included. */
export interface Scrubber {
  /** `null`: the text is clean, which is the common case. */
  scrub(text: string): Scrubbed | null;
}
