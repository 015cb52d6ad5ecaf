import type { CallRecord } from "@babylon/llm-core";
import { parsePackedRecord, unpackRecord } from "../record/unpack-record.ts";

/** Collects the lines of pages, one page after the other. */
export interface PageWriter {
  /** Bytes of this page so far. */
  readonly size: number;
  /** A packed call, and its content as JSON; empty: it has none. */
  add(line: string, content: string): void;
  /** The page; the next one is empty. */
  take(): Uint8Array<ArrayBuffer>;
}

const LINE_FEED = 10;
const FIRST_BYTES: number = 256 * 1024;
/** The most bytes of UTF-8 for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** Creates a writer. */
export function createPageWriter(): PageWriter {
  let buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let size = 0;

  function append(line: string): void {
    const most = size + line.length * BYTES_PER_UNIT + 1;
    if (most > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(most, buffer.length * 2));
      buffer.copy(larger, 0, 0, size);
      buffer = larger;
    }
    size += buffer.write(line, size);
    buffer[size] = LINE_FEED;
    size += 1;
  }

  return {
    get size() {
      return size;
    },
    add(line, content) {
      append(line);
      append(content);
    },
    take() {
      const page = new Uint8Array(buffer.subarray(0, size));
      size = 0;
      return page;
    },
  };
}

/** The records of a page, each made when it is asked for. */
export function* unpackPage({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Generator<CallRecord> {
  const bytes = Buffer.from(buffer, byteOffset, length);
  for (let at = 0; at < length; ) {
    const endOfLine = bytes.indexOf(LINE_FEED, at);
    const end = bytes.indexOf(LINE_FEED, endOfLine + 1);
    const line = bytes.toString("utf8", at, endOfLine);
    const content: CallRecord["content"] =
      end === endOfLine + 1 ? undefined : JSON.parse(bytes.toString("utf8", endOfLine + 1, end));
    at = end + 1;
    yield unpackRecord(parsePackedRecord(line), content);
  }
}
