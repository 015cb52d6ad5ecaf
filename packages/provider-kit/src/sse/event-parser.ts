import { BodyTooLargeError } from "../http/body-too-large.ts";
import { LINE_LIMIT } from "../http/byte-limit.ts";

/** One server-sent event. */
export interface ServerSentEvent {
  /** The event's type; `null` if it has none. */
  readonly event: string | null;
  readonly data: string;
}

/**
 * Parses the next piece of a stream's text and calls back for each event that it completes. Throws a `BodyTooLargeError` if a line, or the
 * data of one event, exceeds 16 MB.
 */
export type EventParser = (text: string) => void;

/** The value of a field, without the optional leading space. */
function fieldValue(text: string, colon: number, end: number): string {
  return text.slice(text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1, end);
}

function checkSize(length: number): void {
  if (length > LINE_LIMIT.bytes) throw new BodyTooLargeError(LINE_LIMIT);
}

/**
 * Creates the parser of one `text/event-stream` (WHATWG HTML, server-sent events). Lines end in `\n`, `\r\n` or `\r`, and pieces may be cut
 * anywhere. Comments, `id`, `retry`, unknown fields, events without data and an incomplete last event are skipped. A field `error` is the
 * data of an event `error`. The text must not start with a byte-order mark.
 */
export function createEventParser(onEvent: (event: ServerSentEvent) => void): EventParser {
  /** The buffered beginning of an incomplete line. */
  let buffered = "";
  let name: string | null = null;
  /** The first line of data. */
  let data: string | null = null;
  let moreData: string[] = [];
  /** Total length of the event's data lines. */
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
    } else if (text.startsWith("error:", start)) {
      // llama.cpp before 2025-11 sends an error as a separate field.
      name = "error";
      addData(fieldValue(text, start + 5, end), end - start + 1);
    } else if (text.slice(start, end) === "data") addData("", end - start + 1);
    else if (text.slice(start, end) === "event") name = null;
  }

  /** Normalizes line ends to `\n`. A `\r` at the end of a piece ends its line; a following `\n` belongs to it. */
  function normalizeLineEnds(piece: string): string {
    const text = endedInReturn && piece.startsWith("\n") ? piece.slice(1) : piece;
    if (piece !== "") endedInReturn = piece.endsWith("\r");
    return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  }

  return (piece) => {
    const added = normalizeLineEnds(piece);
    const firstEnd = added.indexOf("\n");
    // Avoids searching and copying a long line again for each of its pieces.
    if (firstEnd < 0) {
      buffered += added;
      checkSize(buffered.length);
      return;
    }
    let start = 0;
    if (buffered !== "") {
      const line = buffered + added.slice(0, firstEnd);
      takeLine(line, 0, line.length);
      start = firstEnd + 1;
    }
    for (let end = added.indexOf("\n", start); end >= 0; end = added.indexOf("\n", start)) {
      takeLine(added, start, end);
      start = end + 1;
    }
    buffered = added.slice(start);
  };
}
