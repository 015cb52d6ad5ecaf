/** Knows whether the JSON text of an object, which comes in pieces, is complete. Looks at each character once. */
export interface ObjectScan {
  push(text: string): void;
  /** Anything but blanks has come. */
  hasBegun(): boolean;
  /** The object, or the array, is closed. Of any other value that is never known. */
  isComplete(): boolean;
}

/** Nothing has come. */
export function createObjectScan(): ObjectScan {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let begun = false;
  let complete = false;

  function take(char: string): void {
    if (escaped) escaped = false;
    else if (inString) {
      if (char === "\\") escaped = true;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") {
      depth -= 1;
      if (depth === 0) complete = true;
    }
    begun ||= char.trim() !== "";
  }

  return {
    push(text) {
      for (let at = 0; at < text.length && !complete; at += 1) take(text.charAt(at));
    },
    hasBegun: () => begun,
    isComplete: () => complete,
  };
}
