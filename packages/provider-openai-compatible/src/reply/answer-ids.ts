/** What a chunk says besides its id. */
export interface ChunkSigns {
  /** Content was received before this chunk. */
  readonly hasBegun: boolean;
  /** A finish reason was received before this chunk, and no content after it. */
  readonly isFinished: boolean;
  /** The chunk begins a message: it states a role. */
  readonly hasRole: boolean;
  readonly hasContent: boolean;
}

/** Recognizes a second answer in a stream. */
export interface AnswerIds {
  /** Whether a chunk belongs to another answer than those before it. An id of `null` is not compared. */
  isOther(id: string | null, signs: ChunkSigns): boolean;
  /** Another chunk with the latest id. */
  repeat(): void;
}

/**
 * Creates the comparison of one choice. Another id alone means nothing, because some servers change it with every chunk. It is another answer
 * if two chunks in a row had the same id, and one with another id states a role, or has content after a finish reason. If only one chunk had
 * the earlier id, then it is one if the chunk with the role is followed by one with the same id and no role.
 */
export function createAnswerIds(): AnswerIds {
  let latest: string | null = null;
  let count = 0;
  /** The latest id came with a role, but the one before it in a single chunk. */
  let mayBeOther = false;

  return {
    isOther(id, { hasBegun, isFinished, hasRole, hasContent }) {
      if (id === null) return false;
      const isOther = mayBeOther && id === latest && !hasRole;
      mayBeOther = false;
      if (id === latest) {
        count += 1;
        return isOther;
      }
      const wasStable = count > 1;
      const begins = hasBegun && hasRole;
      mayBeOther = begins && count === 1;
      latest = id;
      count = 1;
      return wasStable && (begins || (isFinished && hasContent));
    },
    repeat() {
      count += 1;
      mayBeOther = false;
    },
  };
}
