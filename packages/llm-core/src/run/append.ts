/** A list with one more item. A literal with a spread reserves room for 17 entries (V8 of Node 24), in each waiting call. */
export function append<T>(list: readonly T[], item: T): readonly T[] {
  return list.concat([item]);
}
