/** Text that grows by small pieces, and gives out any part of it at the cost of that part. */
export interface KeptText {
  /** Forgets everything. */
  clear(): void;
  append(piece: string): void;
  slice(from: number, to?: number): string;
}

/** Pieces are joined up to this length, so that there are few of them and none is copied often. */
const BLOCK = 1_024;

/** Nothing kept yet. A string that grows would be copied as a whole for each part that is taken of it. */
export function createKeptText(): KeptText {
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
      // From the end, where what is asked for mostly is.
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
