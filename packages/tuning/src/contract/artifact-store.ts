import type { FileFacts } from "../dataset/file-facts.ts";

/** A file to upload. */
export interface UploadOrder {
  /** The name of the artifact. */
  readonly name: string;
  /** Used for nothing else: the same upload, repeated after a crash, has the same id. */
  readonly uploadId: string;
  /** A file of JSON lines. */
  readonly file: string;
  readonly facts: FileFacts;
  readonly abortSignal?: AbortSignal | undefined;
}

/** Where a trainer reads its examples from. */
export interface ArtifactStore {
  /**
   * Stores a file and returns its URL, or an id that the trainer accepts. The same bytes again are not stored twice, so that it may be repeated after a
   * crash. Rejects with `TuningError`.
   */
  put(order: UploadOrder): Promise<{ readonly dataURL: string }>;
}
