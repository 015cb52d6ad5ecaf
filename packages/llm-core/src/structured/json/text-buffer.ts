/** Appendable text whose slices cost time only in proportion to the slice. */
export interface TextBuffer {
  /** Removes all text. */
  clear(): void;
  append(piece: string): void;
  slice(from: number, to?: number): string;
}

/** Pieces are joined to blocks of at least this length, to limit their number and the copying. */
const BLOCK = 1_024;

/** Creates an empty text. A slice of a growing string would make V8 flatten the whole string each time. */
export function createTextBuffer(): TextBuffer {
  let blocks: { readonly start: number; readonly text: string }[] = [];
  let tail = "";
  let tailStart = 0;

  return {
    clear() {
      if (blocks.length > 0) blocks = [];
      tail = "";
      tailStart = 0;
    },
    append(piece) {
      tail += piece;
      if (tail.length < BLOCK) return;
      blocks.push({ start: tailStart, text: tail });
      tailStart += tail.length;
      tail = "";
    },
    slice(from, to = tailStart + tail.length) {
      if (from >= tailStart) return tail.slice(from - tailStart, to - tailStart);
      const last = blocks.at(-1);
      if (last !== undefined && from >= last.start && to <= tailStart)
        return last.text.slice(from - last.start, to - last.start);
      let part = to > tailStart ? tail.slice(0, to - tailStart) : "";
      // Search from the end, where most slices are.
      const parts: string[] = [];
      for (let index = blocks.length - 1; index >= 0; index -= 1) {
        const block = blocks[index];
        if (block === undefined || block.start + block.text.length <= from) break;
        if (block.start < to) parts.push(block.text.slice(Math.max(0, from - block.start), to - block.start));
      }
      if (parts.length > 0) part = parts.reverse().join("") + part;
      return part;
    },
  };
}
