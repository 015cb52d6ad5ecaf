/** Detects when the JSON text of an object, which arrives in pieces, is complete. Scans each character once. */
export interface ObjectScan {
  /** Scans the next piece. */
  push(text: string): void;
  /** Whether any non-blank character was pushed. */
  hasBegun(): boolean;
  /** Whether the object or array is closed. Always false for other values. */
  isComplete(): boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const opens = (code: number): boolean => code === 0x7b || code === 0x5b;
const closes = (code: number): boolean => code === 0x7d || code === 0x5d;

/** Creates an empty scan. */
export function createObjectScan(): ObjectScan {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let begun = false;
  let complete = false;

  function take(code: number): void {
    if (inString) {
      if (escaped) escaped = false;
      else if (code === BACKSLASH) escaped = true;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (opens(code)) depth += 1;
    else if (closes(code)) {
      depth -= 1;
      complete = depth === 0;
    }
  }

  return {
    push(text) {
      begun ||= /\S/.test(text);
      for (let at = 0; at < text.length && !complete; at += 1) take(text.charCodeAt(at));
    },
    hasBegun: () => begun,
    isComplete: () => complete,
  };
}
