/** Counts the `error` events of an emitter. */
export interface ErrorEvents {
  count(): number;
  last(): unknown;
}

interface Emitter {
  on(event: "error", listener: (error: unknown) => void): unknown;
}

const EVENTS_BY_SOURCE = new WeakMap<object, ErrorEvents>();

/**
 * Counts the `error` events of an emitter; for any other object the count stays 0. One listener per emitter is added and never removed: an
 * `error` event without a listener would terminate the process, even after the store was closed.
 */
export function listenForErrors(source: object): ErrorEvents {
  const known = EVENTS_BY_SOURCE.get(source);
  if (known !== undefined) return known;
  let count = 0;
  let last: unknown;
  if (isEmitter(source)) {
    source.on("error", (error) => {
      count += 1;
      last = error;
    });
  }
  const events = { count: () => count, last: () => last };
  EVENTS_BY_SOURCE.set(source, events);
  return events;
}

function isEmitter(value: object): value is Emitter {
  return "on" in value && typeof value.on === "function";
}
