const OPEN = "<think>";
const CLOSE = "</think>";

/** A classified piece of text. */
export interface ThinkPiece {
  readonly type: "text" | "reasoning";
  readonly text: string;
}

/** Separates reasoning from the answer in streamed text. */
export interface ThinkSplitter {
  push(text: string): readonly ThinkPiece[];
  /** Call it when reasoning arrives in its own field, or anything but text: buffered and later text is the answer. */
  release(): readonly ThinkPiece[];
  /** The text that is still buffered. */
  end(): readonly ThinkPiece[];
}

const NONE: readonly ThinkPiece[] = [];

/** An empty part: shows that the stream is alive while text is buffered. */
const ALIVE: readonly ThinkPiece[] = [{ type: "reasoning", text: "" }];

/**
 * Creates a splitter for text that starts with reasoning between `<think>` and `</think>`. Tags may be cut anywhere; white space around them
 * is dropped; later tags are text.
 *
 * @param mayLackOpen - the chat template may contain the opening tag, so that the text only has `</think>`: text without an opening tag is
 *   buffered until the closing tag or the end
 */
export function createThinkSplitter(mayLackOpen = false): ThinkSplitter {
  let state: "start" | "reasoning" | "unmarked" | "gap" | "text" = "start";
  /** White space that may have to be dropped. Never scanned again, because there may be a lot of it in small pieces. */
  let blanks = "";
  /** A possible beginning of a tag, without leading white space. */
  let held = "";
  /** Text without an opening tag, which is reasoning if a closing tag follows. */
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
    const beginning = held === "" ? text.trimStart() : held + text;
    if (held === "") blanks += text.slice(0, text.length - beginning.length);
    held = beginning;
    if (beginning.startsWith(OPEN)) {
      state = "reasoning";
      blanks = "";
      held = "";
      return reason(beginning.slice(OPEN.length));
    }
    if (OPEN.startsWith(beginning)) return NONE;
    held = "";
    if (mayLackOpen) {
      state = "unmarked";
      return wait(beginning);
    }
    state = "text";
    const released = blanks + beginning;
    blanks = "";
    return piece("text", released);
  }

  /** Scans only the end of the earlier text again. */
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
    const trimmed = before.trimEnd();
    const pieces = piece("reasoning", trimmed === "" ? "" : takeBlanks() + withoutStart(trimmed));
    if (trimmed !== "") reasoned = true;
    blanks += before.slice(trimmed.length);
    return pieces;
  }

  /** The white space between two pieces of reasoning; that before the first is dropped. */
  function takeBlanks(): string {
    const between = reasoned ? blanks : "";
    blanks = "";
    return between;
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
