/** A queue that anything can leave, each in constant time, however long it is. A set is slow to find its first entry when many before it are gone. */
export interface Fifo<T> {
  add(item: T): void;
  /** `false`: it was not in the queue. */
  delete(item: T): boolean;
  /** Takes the one that has waited longest. */
  shift(): T | undefined;
}

/** How many places at the front may be empty before they are dropped. */
const TIDY_FROM = 256;

/** An empty queue of different things. */
export function createFifo<T extends object>(): Fifo<T> {
  const present = new Set<T>();
  let places: T[] = [];
  let head = 0;

  function tidy(): void {
    if (head < places.length && (head < TIDY_FROM || head * 2 < places.length)) return;
    places = places.slice(head);
    head = 0;
  }

  return {
    add(item) {
      present.add(item);
      places.push(item);
    },
    delete: (item) => present.delete(item),
    shift() {
      let item: T | undefined;
      do {
        item = places[head];
        if (item !== undefined) head += 1;
      } while (item !== undefined && !present.delete(item));
      tidy();
      return item;
    },
  };
}
