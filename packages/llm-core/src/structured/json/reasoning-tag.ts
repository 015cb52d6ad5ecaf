/** A tag around reasoning in the text of an answer. */
export interface ReasoningTag {
  readonly closes: boolean;
  /** Position after its last character. */
  readonly end: number;
}

const TAG = /<(\/?)(?:think|thinking)\b[^<>]*>/iy;

/** The tag that begins at a `<`, or `null`. */
export function reasoningTagAt(text: string, at: number): ReasoningTag | null {
  TAG.lastIndex = at;
  const match = TAG.exec(text);
  return match === null ? null : { closes: match[1] === "/", end: at + match[0].length };
}
