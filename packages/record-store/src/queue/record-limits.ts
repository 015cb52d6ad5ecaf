/** Records that wait for the engine in memory. */
export const MAX_QUEUED_RECORDS = 10_000;
/** Characters that wait for the engine in memory. */
export const MAX_QUEUED_CHARS: number = 16 * 1024 * 1024;
/** Records of one batch. Each batch writes the sums of its quarters of an hour, which takes as long as the rows of 100 records. */
export const MAX_BATCH_RECORDS = 1_000;
/** Characters of one batch, so that no batch blocks the event loop while it is sent to a worker. */
export const MAX_BATCH_CHARS: number = 2 * 1024 * 1024;
/** Content of one call that is longer than this is not stored, characters. */
export const MAX_CONTENT_CHARS: number = 2 * 1024 * 1024;
/** Calls of a page of whole calls. */
export const MAX_READ_CALLS = 50;
/** Bytes after which a page of whole calls ends, so that its size does not follow from the length of prompts. */
export const MAX_READ_BYTES: number = 64 * 1024;
/** The longest time in the queue while the engine is up. */
export const FLUSH_MS = 1_000;
/** Bytes of the files of a spill. */
export const MAX_SPILL_BYTES: number = 256 * 1024 * 1024;
