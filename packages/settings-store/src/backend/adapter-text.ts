import { messageOf, StorageError } from "@babylon/storage";
import { listenForErrors } from "./error-events.ts";
import { toText } from "./map-backend.ts";

/** What every Keyv storage adapter has. */
export interface StorageAdapter {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
}

/** How a text is read and written. */
export interface TextAccess {
  /** The stored text; `undefined` only when there is none. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

/** The text under a key of an adapter that holds what Keyv encoded. */
export function adapterText(adapter: StorageAdapter & object, key: string): TextAccess {
  const errors = listenForErrors(adapter);
  return {
    async read() {
      const before = errors.count();
      const value = await callAdapter(async () => adapter.get(key));
      if (value !== undefined && value !== null) return toText(value);
      // Some adapters answer "nothing" to a failed read and say so only by an event.
      if (errors.count() !== before) throw adapterError("no", errors.last());
      return undefined;
    },
    async write(text) {
      const before = errors.count();
      const accepted = await callAdapter(async () => adapter.set(key, text), "unknown");
      if (accepted === false || errors.count() !== before) throw adapterError("unknown", errors.last());
    },
  };
}

/** Runs a call of Keyv's or an adapter's, and fails with `StorageError`. */
export async function callAdapter<T>(work: () => Promise<T>, applied: "no" | "unknown" = "no"): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw adapterError(applied, thrown);
  }
}

export function adapterError(applied: "no" | "unknown", cause: unknown): StorageError {
  return new StorageError({ message: `the Keyv adapter failed: ${messageOf(cause)}`, applied, cause });
}
