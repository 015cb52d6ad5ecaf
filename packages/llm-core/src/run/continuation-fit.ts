import { LLMError } from "../errors/llm-error.ts";

/** Fits the pieces of a continuation to the text that it continues. */
export interface ContinuationFit {
  /**
   * Returns the part of a piece that continues the text. Buffers the beginning of the continuation while it could repeat the beginning of
   * the text. Throws `unsupported` if it does: the model has ignored the text and starts again.
   */
  take(piece: string): string;
  /** Returns the buffered text. To be called when a part other than text arrives. */
  release(): string;
}

/** Length of the repeated beginning from which a restart is recognized. */
const MAX_OPENING_CHARS = 24;
/** Shorter texts are not checked: "no" after "no" may be intended. */
const MIN_OPENING_CHARS = 6;

/** Whether a text repeats itself, such as a row of equal numbers. */
function isPeriodic(text: string): boolean {
  for (let period = 1; period <= text.length / 2; period += 1) if (text.startsWith(text.slice(period))) return true;
  return false;
}

/** The beginning by which a restart is recognized; empty if the text itself repeats it, or is too short. */
function openingOf(text: string): string {
  const begun = text.trim();
  const opening = begun.slice(0, MAX_OPENING_CHARS);
  const isNoSign = opening.length < MIN_OPENING_CHARS || isPeriodic(opening) || begun.includes(opening, 1);
  return isNoSign ? "" : opening;
}

const startedAgain = (): LLMError =>
  new LLMError({ code: "unsupported", message: "the model started the answer again instead of continuing it" });

/**
 * Creates a fit for a continuation of `text`. The prefill is sent without trailing white space, so white space that the continuation
 * repeats is removed. Other repetitions at the seam are kept, because they may be intended.
 */
export function createContinuationFit(text: string): ContinuationFit {
  let blanks = text.slice(text.trimEnd().length);
  const opening = openingOf(text);
  /** How many characters of the opening were repeated; `null`: it is a continuation. */
  let matched: number | null = opening === "" ? null : 0;
  let held = "";

  function withoutBlanks(piece: string): string {
    let at = 0;
    while (at < piece.length && at < blanks.length && piece[at] === blanks[at]) at += 1;
    blanks = at < piece.length ? "" : blanks.slice(at);
    return at === 0 ? piece : piece.slice(at);
  }

  function release(): string {
    if (held === "") return "";
    const released = held;
    held = "";
    matched = null;
    return withoutBlanks(released);
  }

  return {
    take(piece) {
      if (matched === null) return withoutBlanks(piece);
      held += piece;
      for (const character of matched === 0 ? piece.trimStart() : piece) {
        if (!opening.startsWith(character, matched)) return release();
        matched += character.length;
        if (matched >= opening.length) throw startedAgain();
      }
      return "";
    },
    release,
  };
}
