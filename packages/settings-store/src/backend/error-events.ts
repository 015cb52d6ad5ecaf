/** Counts the `error` events of an emitter. */
export interface ErrorEvents {
  count(): number;
  last(): unknown;
}

interface Emitter {
  on(event: "error", listener: (error: unknown) => void): unknown;
}

const KNOWN = new WeakMap<object, ErrorEvents>();

/**
 * Listens to an emitter's errors, once however often it is asked; does nothing where the object is no emitter. The listener stays
 * for good: an `error` event that nobody listens to would end the process, also after a store was closed.
 */
export function listenForErrors(source: object): ErrorEvents {
  const known = KNOWN.get(source);
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
  KNOWN.set(source, events);
  return events;
}

function isEmitter(value: object): value is Emitter {
  return "on" in value && typeof value.on === "function";
}
