/**
 * A queue whose items can be removed anywhere; each operation takes constant time. (A `Set` takes long to find its first entry after many
 * deletions.)
 */
export interface Fifo<T> {
  add(item: T): void;
  /** `false`: the item was not in the queue. */
  delete(item: T): boolean;
  /** Removes and returns the oldest item. */
  shift(): T | undefined;
}

/** How many slots at the front may be empty before they are dropped. */
const COMPACT_FROM = 256;

/** Creates an empty queue of distinct items. */
export function createFifo<T extends object>(): Fifo<T> {
  const present = new Set<T>();
  let slots: T[] = [];
  let head = 0;

  function compact(): void {
    if (head < slots.length && (head < COMPACT_FROM || head * 2 < slots.length)) return;
    slots = slots.slice(head);
    head = 0;
  }

  return {
    add(item) {
      present.add(item);
      slots.push(item);
    },
    delete: (item) => present.delete(item),
    shift() {
      let item: T | undefined;
      do {
        item = slots[head];
        if (item !== undefined) head += 1;
      } while (item !== undefined && !present.delete(item));
      compact();
      return item;
    },
  };
}
