/** One server-sent event. */
export interface ServerSentEvent {
  /** The name of its type; `null` when it has none. */
  readonly event: string | null;
  readonly data: string;
}

/** Takes the next piece of a stream's text. Calls back for each event that it completes. */
export type EventParser = (text: string) => void;

/** The value of a line's field, without the one blank that may stand before it. */
function fieldValue(text: string, colon: number, end: number): string {
  return text.slice(text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1, end);
}

/**
 * Makes the parser of one `text/event-stream` (WHATWG HTML, server-sent events). Lines end in `\n`, `\r\n` or `\r` and may be cut
 * anywhere; comments, `id`, `retry` and unknown fields are skipped; an event without data is none; one that the end cuts off is
 * dropped. The text has lost its byte-order mark before.
 */
export function createEventParser(onEvent: (event: ServerSentEvent) => void): EventParser {
  /** The beginning of a line whose end has not come. */
  let begun = "";
  let name: string | null = null;
  let data: string | null = null;
  let endedInReturn = false;

  function takeLine(text: string, start: number, end: number): void {
    if (start === end) {
      if (data !== null) onEvent({ event: name, data });
      name = null;
      data = null;
    } else if (text.startsWith("data:", start)) {
      const value = fieldValue(text, start + 4, end);
      data = data === null ? value : `${data}\n${value}`;
    } else if (text.startsWith("event:", start)) {
      const value = fieldValue(text, start + 5, end);
      name = value === "" ? null : value;
    } else if (text.slice(start, end) === "data") {
      data = data === null ? "" : `${data}\n`;
    } else if (text.slice(start, end) === "event") {
      name = null;
    }
  }

  /** With one kind of line end. A `\r` ends its line at once; a `\n` that follows belongs to it. */
  function withPlainEnds(piece: string): string {
    const text = endedInReturn && piece.startsWith("\n") ? piece.slice(1) : piece;
    if (piece !== "") endedInReturn = piece.endsWith("\r");
    return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  }

  return (piece) => {
    const added = withPlainEnds(piece);
    const firstEnd = added.indexOf("\n");
    // Not searched again, and not copied, for each piece of a long line.
    if (firstEnd < 0) {
      begun += added;
      return;
    }
    const text = begun === "" ? added : begun + added;
    let start = 0;
    for (let end = begun.length + firstEnd; end >= 0; end = text.indexOf("\n", start)) {
      takeLine(text, start, end);
      start = end + 1;
    }
    begun = text.slice(start);
  };
}
