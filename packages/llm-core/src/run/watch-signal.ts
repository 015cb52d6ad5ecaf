interface Watched {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const watched = new WeakMap<AbortSignal, Watched>();

/**
 * Calls back when the signal is aborted, at once when it is, until {@link unwatchSignal}. One signal often lives as long as the process and is shared by
 * thousands of calls: however many watch it, it has one listener, because a signal looks through all of them for each new one.
 */
export function watchSignal(signal: AbortSignal, callback: () => void): void {
  if (signal.aborted) {
    callback();
    return;
  }
  const known = watched.get(signal);
  if (known !== undefined) {
    known.callbacks.add(callback);
    return;
  }
  const callbacks = new Set([callback]);
  const listener = () => {
    watched.delete(signal);
    for (const told of [...callbacks]) told();
  };
  watched.set(signal, { callbacks, listener });
  signal.addEventListener("abort", listener, { once: true });
}

/** Takes a callback back; the last one takes the listener with it. One that has been called, or is not there, does no harm. */
export function unwatchSignal(signal: AbortSignal, callback: () => void): void {
  const known = watched.get(signal);
  if (known === undefined) return;
  known.callbacks.delete(callback);
  if (known.callbacks.size > 0) return;
  watched.delete(signal);
  signal.removeEventListener("abort", known.listener);
}
