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
  /** Blanks that may have to be dropped. Not looked at again: there may be many, and they come one by one. */
  let blanks = "";
  /** What could be the beginning of a tag: shorter than one, and not blank at its start. */
  let held = "";
  let reasoned = false;

  function push(text: string): readonly ThinkPiece[] {
    if (text === "") return NONE;
    if (state === "text") return [{ type: "text", text }];
    if (state === "gap") return afterGap(text);
    return state === "start" ? start(text) : reason(text);
  }

  function start(text: string): readonly ThinkPiece[] {
    const begun = held === "" ? text.trimStart() : held + text;
    if (held === "") blanks += text.slice(0, text.length - begun.length);
    held = begun;
    if (begun.startsWith(OPEN)) {
      state = "reasoning";
      blanks = "";
      held = "";
      return reason(begun.slice(OPEN.length));
    }
    if (OPEN.startsWith(begun)) return NONE;
    state = "text";
    const released = blanks + begun;
    blanks = "";
    held = "";
    return piece("text", released);
  }

  function reason(text: string): readonly ThinkPiece[] {
    const all = held + text;
    held = "";
    const close = all.indexOf(CLOSE);
    if (close !== -1) {
      const reasoning = all.slice(0, close).trimEnd();
      const pieces = piece("reasoning", reasoning === "" ? "" : takeBlanks() + withoutStart(reasoning));
      state = "gap";
      blanks = "";
      return [...pieces, ...afterGap(all.slice(close + CLOSE.length))];
    }
    let keep = Math.min(CLOSE.length - 1, all.length);
    while (keep > 0 && !CLOSE.startsWith(all.slice(-keep))) keep -= 1;
    held = all.slice(all.length - keep);
    const before = all.slice(0, all.length - keep);
    const sure = before.trimEnd();
    const pieces = piece("reasoning", sure === "" ? "" : takeBlanks() + withoutStart(sure));
    if (sure !== "") reasoned = true;
    blanks += before.slice(sure.length);
    return pieces;
  }

  /** The blanks between two pieces of reasoning; those before the first are dropped. */
  function takeBlanks(): string {
    const taken = reasoned ? blanks : "";
    blanks = "";
    return taken;
  }

  const withoutStart = (text: string): string => (reasoned ? text : text.trimStart());

  function afterGap(text: string): readonly ThinkPiece[] {
    const answer = text.trimStart();
    if (answer !== "") state = "text";
    return piece("text", answer);
  }

  return {
    push,
    end() {
      const rest = state === "reasoning" && !reasoned ? held : blanks + held;
      blanks = "";
      held = "";
      return piece(state === "reasoning" ? "reasoning" : "text", rest);
    },
  };
}

const piece = (type: ThinkPiece["type"], text: string): readonly ThinkPiece[] =>
  text === "" ? NONE : [{ type, text }];
