/** The label of what has no series of its own. */
export const OTHER_LABEL = "other";

/** How many series several tables may hold together. */
export interface SeriesRoom {
  left: number;
}

/** Values by three labels: as many as there is room for. The rest shares one value, or one for each third label. */
export interface SeriesTable<T> {
  of(first: string, second: string, third: string): T;
  /** How often `of` returned a value of the rest. */
  readonly overflowed: number;
  values(): Iterable<T>;
}

type Nested<T> = Map<string, Map<string, Map<string, T>>>;

/** The inner map of a label, created if there is none. */
function within<V>(map: Map<string, Map<string, V>>, label: string): Map<string, V> {
  const found = map.get(label);
  if (found !== undefined) return found;
  const created = new Map<string, V>();
  map.set(label, created);
  return created;
}

/**
 * Creates an empty table. Nested maps, because joined labels could collide, and are slower.
 *
 * @param room - shared with other tables; values of the rest need no room
 * @param restOf - the third label in the rest; it must have few values
 */
export function createSeriesTable<T>(
  room: SeriesRoom,
  create: (first: string, second: string, third: string) => T,
  restOf: (third: string) => string,
): SeriesTable<T> {
  const nested: Nested<T> = new Map();
  const all: T[] = [];
  const rests = new Map<string, T>();
  let overflowed = 0;

  function overflow(third: string): T {
    overflowed += 1;
    const found = rests.get(third);
    if (found !== undefined) return found;
    const created = create(OTHER_LABEL, OTHER_LABEL, third);
    rests.set(third, created);
    all.push(created);
    return created;
  }

  return {
    of(first, second, third) {
      const found = nested.get(first)?.get(second)?.get(third);
      if (found !== undefined) return found;
      if (room.left <= 0) return overflow(restOf(third));
      room.left -= 1;
      const created = create(first, second, third);
      within(within(nested, first), second).set(third, created);
      all.push(created);
      return created;
    },
    get overflowed() {
      return overflowed;
    },
    values: () => all,
  };
}
