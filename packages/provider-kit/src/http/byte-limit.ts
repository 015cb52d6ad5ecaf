import { DEFAULT_MAX_RESPONSE_BYTES } from "@babylon/llm-core";

/** The maximum size of a body, counted after decompression. */
export interface ByteLimit {
  readonly bytes: number;
  /** The name of the limit, for the error of a larger body: `maxResponseBytes`. */
  readonly name: string;
}

const MB = 1024 * 1024;

/** Maximum bytes of an error body that are read. The rest is discarded. */
export const MAX_ERROR_BYTES: number = 64 * 1024;

const MAX_LIST_BYTES = 8 * MB;

/** The limit of one line of an event stream, and of the data of one event. */
export const LINE_LIMIT: ByteLimit = {
  bytes: 16 * MB,
  name: "the limit of one line of an event stream, independent of maxResponseBytes",
};

/** The limit of an answer. `maxBytes`: the client's `maxResponseBytes`, if it is known. */
export function answerLimit(maxBytes: number = DEFAULT_MAX_RESPONSE_BYTES): ByteLimit {
  return maxBytes === DEFAULT_MAX_RESPONSE_BYTES ? DEFAULT_LIMIT : { bytes: maxBytes, name: "maxResponseBytes" };
}

/** Used if a request has no limit of its own. */
export const DEFAULT_LIMIT: ByteLimit = { bytes: DEFAULT_MAX_RESPONSE_BYTES, name: "maxResponseBytes" };

/** The limit of a list of models: 8 MB, or the limit of an answer if that is lower. */
export function listLimit(maxBytes: number = DEFAULT_MAX_RESPONSE_BYTES): ByteLimit {
  if (maxBytes <= MAX_LIST_BYTES) return answerLimit(maxBytes);
  return { bytes: MAX_LIST_BYTES, name: "the limit of a list of models, independent of maxResponseBytes" };
}
