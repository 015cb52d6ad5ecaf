import { BodyTooLargeError } from "../http/body-too-large.ts";
import { LINE_LIMIT } from "../http/byte-limit.ts";

/** One server-sent event. */
export interface ServerSentEvent {
  /** The name of its type; `null` when it has none. */
  readonly event: string | null;
  readonly data: string;
}

/**
 * Takes the next piece of a stream's text. Calls back for each event that it completes. Throws a `BodyTooLargeError` for a line, or
 * lines of data of one event, of more than 16 MB.
 */
export type EventParser = (text: string) => void;

/** The value of a line's field, without the one blank that may stand before it. */
function fieldValue(text: string, colon: number, end: number): string {
  return text.slice(text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1, end);
}

function checkSize(length: number): void {
  if (length > LINE_LIMIT.bytes) throw new BodyTooLargeError(LINE_LIMIT);
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
  /** The first line of data. */
  let data: string | null = null;
  let moreData: string[] = [];
  /** Of all lines of data of the event. */
  let size = 0;
  let endedInReturn = false;

  function addData(value: string, lineLength: number): void {
    size += lineLength;
    checkSize(size);
    if (data === null) data = value;
    else moreData.push(value);
  }

  function endEvent(): void {
    if (data !== null) onEvent({ event: name, data: moreData.length === 0 ? data : [data, ...moreData].join("\n") });
    name = null;
    data = null;
    size = 0;
    if (moreData.length > 0) moreData = [];
  }

  function takeLine(text: string, start: number, end: number): void {
    if (start === end) endEvent();
    else if (text.startsWith("data:", start)) {
      addData(fieldValue(text, start + 4, end), end - start + 1);
    } else if (text.startsWith("event:", start)) {
      const value = fieldValue(text, start + 5, end);
      name = value === "" ? null : value;
    } else if (text.slice(start, end) === "data") addData("", end - start + 1);
    else if (text.slice(start, end) === "event") name = null;
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
      checkSize(begun.length);
      return;
    }
    let start = 0;
    if (begun !== "") {
      const line = begun + added.slice(0, firstEnd);
      takeLine(line, 0, line.length);
      start = firstEnd + 1;
    }
    for (let end = added.indexOf("\n", start); end >= 0; end = added.indexOf("\n", start)) {
      takeLine(added, start, end);
      start = end + 1;
    }
    begun = added.slice(start);
  };
}
