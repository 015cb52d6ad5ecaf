import { isRecord } from "@babylon/llm-core";

/** Matches a header name (a token, RFC 9110). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Matches a header value: Latin-1 without control characters except the tab. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether a value is an object of header names to header values. */
export function areHeaders(value: unknown): value is Readonly<Record<string, string>> {
  if (!isRecord(value)) return false;
  return Object.entries(value).every(
    ([name, text]) => HEADER_NAME.test(name) && typeof text === "string" && HEADER_VALUE.test(text),
  );
}
