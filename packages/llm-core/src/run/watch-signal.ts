interface Watched {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const listeners = new WeakMap<AbortSignal, Watched>();

/**
 * Calls back when the signal is aborted (immediately if it already is), until {@link unwatchSignal}. Adds one listener per signal for any
 * number of callbacks: a signal may be shared by thousands of calls, and each `addEventListener` searches all listeners.
 */
export function watchSignal(signal: AbortSignal, callback: () => void): void {
  if (signal.aborted) {
    callback();
    return;
  }
  const known = listeners.get(signal);
  if (known !== undefined) {
    known.callbacks.add(callback);
    return;
  }
  const callbacks = new Set([callback]);
  const listener = () => {
    listeners.delete(signal);
    for (const call of [...callbacks]) call();
  };
  listeners.set(signal, { callbacks, listener });
  signal.addEventListener("abort", listener, { once: true });
}

/** Removes a callback, if it is registered. Removing the last one also removes the listener. */
export function unwatchSignal(signal: AbortSignal, callback: () => void): void {
  const known = listeners.get(signal);
  if (known === undefined) return;
  known.callbacks.delete(callback);
  if (known.callbacks.size > 0) return;
  listeners.delete(signal);
  signal.removeEventListener("abort", known.listener);
}
