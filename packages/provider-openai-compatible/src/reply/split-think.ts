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
  /** Reasoning comes in a way of its own, or something else than text: what is held back is text, and so is all that follows. */
  release(): readonly ThinkPiece[];
  /** What was held back because it could have been something else. */
  end(): readonly ThinkPiece[];
}

const NONE: readonly ThinkPiece[] = [];

/** Nothing yet, but the answer is coming. */
const ALIVE: readonly ThinkPiece[] = [{ type: "reasoning", text: "" }];

/**
 * Splits text whose reasoning stands between `<think>` and `</think>` at its very start. Tags may be cut anywhere; blanks around
 * them are dropped; a tag further on is text.
 *
 * @param mayLackOpen - a template may have begun the thought, so that the text has only `</think>`: text without a tag at its start is
 * held back until that comes, or the end
 */
export function createThinkSplitter(mayLackOpen = false): ThinkSplitter {
  let state: "start" | "reasoning" | "unmarked" | "gap" | "text" = "start";
  /** Blanks that may have to be dropped. Not looked at again: there may be many, and they come one by one. */
  let blanks = "";
  /** What could be the beginning of a tag: shorter than one, and not blank at its start. */
  let held = "";
  /** Text without a tag at its start, which is reasoning if one closes it. */
  let unmarked = "";
  let reasoned = false;

  function push(text: string): readonly ThinkPiece[] {
    if (text === "") return NONE;
    switch (state) {
      case "text":
        return [{ type: "text", text }];
      case "gap":
        return afterGap(text);
      case "start":
        return start(text);
      case "unmarked":
        return wait(text);
      case "reasoning":
        return reason(text);
    }
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
    held = "";
    if (mayLackOpen) {
      state = "unmarked";
      return wait(begun);
    }
    state = "text";
    const released = blanks + begun;
    blanks = "";
    return piece("text", released);
  }

  /** Only the end of what came before is looked at again. */
  function wait(text: string): readonly ThinkPiece[] {
    const window = held + text;
    const at = window.indexOf(CLOSE);
    if (at === -1) {
      unmarked += text;
      held = window.slice(-(CLOSE.length - 1));
      return ALIVE;
    }
    const reasoning = unmarked.slice(0, unmarked.length - held.length) + window.slice(0, at);
    state = "gap";
    blanks = "";
    held = "";
    unmarked = "";
    return [...piece("reasoning", reasoning.trimEnd()), ...afterGap(window.slice(at + CLOSE.length))];
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

  function takeHeld(): string {
    const rest = state === "reasoning" && !reasoned ? held : blanks + (state === "unmarked" ? unmarked : held);
    blanks = "";
    held = "";
    unmarked = "";
    return rest;
  }

  return {
    push,
    release() {
      if (state !== "start" && state !== "unmarked") return NONE;
      const rest = takeHeld();
      state = "text";
      return piece("text", rest);
    },
    end: () => piece(state === "reasoning" ? "reasoning" : "text", takeHeld()),
  };
}

const piece = (type: ThinkPiece["type"], text: string): readonly ThinkPiece[] =>
  text === "" ? NONE : [{ type, text }];
