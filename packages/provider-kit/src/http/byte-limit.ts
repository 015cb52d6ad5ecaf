import { DEFAULT_MAX_RESPONSE_BYTES } from "@babylon/llm-core";

/** How much of a body is read, counted after decoding. */
export interface ByteLimit {
  readonly bytes: number;
  /** Where the number comes from, for the error of a body that has more: `maxResponseBytes`. */
  readonly name: string;
}

const MB = 1024 * 1024;

/** What is read of the body of an error: the beginning says what is wrong, and the rest is not waited for. */
export const MAX_ERROR_BYTES: number = 64 * 1024;

const MAX_LIST_BYTES = 8 * MB;

/** Of one line of an event stream, and of the data of one event. */
export const LINE_LIMIT: ByteLimit = {
  bytes: 16 * MB,
  name: "the limit of one line of an event stream, beside maxResponseBytes",
};

/** The limit of an answer. `maxBytes`: the client's `maxResponseBytes`, where it is known. */
export function answerLimit(maxBytes: number = DEFAULT_MAX_RESPONSE_BYTES): ByteLimit {
  return { bytes: maxBytes, name: "maxResponseBytes" };
}

/** Where a request says nothing else. */
export const DEFAULT_LIMIT: ByteLimit = answerLimit();

/** The limit of a list of models: 8 MB, or less where an answer may have less. */
export function listLimit(maxBytes: number = DEFAULT_MAX_RESPONSE_BYTES): ByteLimit {
  if (maxBytes <= MAX_LIST_BYTES) return answerLimit(maxBytes);
  return { bytes: MAX_LIST_BYTES, name: "the limit of a list of models, beside maxResponseBytes" };
}
