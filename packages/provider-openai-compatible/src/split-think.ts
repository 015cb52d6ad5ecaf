const OPEN = "<think>";
const CLOSE = "</think>";

/** A piece of text, told apart. */
export interface ThinkPiece {
  readonly type: "text" | "reasoning";
  readonly text: string;
}

/** Takes text as it arrives and tells reasoning from answer. */
export interface ThinkSplitter {
  push(text: string): readonly ThinkPiece[];
  /** What was held back because it could have been the beginning of a tag. */
  end(): readonly ThinkPiece[];
}

const NONE: readonly ThinkPiece[] = [];

/**
 * Splits text whose reasoning stands between `<think>` and `</think>` at its very start. Tags may be cut anywhere; blanks around
 * them are dropped; a tag further on is text.
 */
export function createThinkSplitter(): ThinkSplitter {
  let state: "start" | "reasoning" | "gap" | "text" = "start";
  let held = "";
  let reasoned = false;

  function push(text: string): readonly ThinkPiece[] {
    if (state === "text") return text === "" ? NONE : [{ type: "text", text }];
    held += text;
    if (state === "start") {
      const begun = held.trimStart();
      if (begun.startsWith(OPEN)) {
        state = "reasoning";
        held = begun.slice(OPEN.length);
      } else if (OPEN.startsWith(begun)) return NONE;
      else return release("text");
    }
    if (state === "reasoning") {
      if (!reasoned) held = held.trimStart();
      const close = held.indexOf(CLOSE);
      if (close === -1) return keepPossibleTag();
      const reasoning = held.slice(0, close).trimEnd();
      held = held.slice(close + CLOSE.length);
      state = "gap";
      return [...piece("reasoning", reasoning), ...afterGap()];
    }
    return afterGap();
  }

  /** The end of what is held may be the start of a closing tag, or the blanks before it. */
  function keepPossibleTag(): readonly ThinkPiece[] {
    let keep = Math.min(CLOSE.length - 1, held.length);
    while (keep > 0 && !CLOSE.startsWith(held.slice(-keep))) keep -= 1;
    const sure = held.slice(0, held.length - keep).trimEnd();
    held = held.slice(sure.length);
    reasoned ||= sure !== "";
    return piece("reasoning", sure);
  }

  function afterGap(): readonly ThinkPiece[] {
    held = held.trimStart();
    return held === "" ? NONE : release("text");
  }

  function release(next: "text"): readonly ThinkPiece[] {
    const text = held;
    state = next;
    held = "";
    return piece("text", text);
  }

  return {
    push,
    end() {
      const text = held;
      held = "";
      return piece(state === "reasoning" ? "reasoning" : "text", text);
    },
  };
}

const piece = (type: ThinkPiece["type"], text: string): readonly ThinkPiece[] =>
  text === "" ? NONE : [{ type, text }];
