import { messageOf, StorageError } from "@babylon/storage";
import { listenForErrors } from "./error-events.ts";
import { toText } from "./map-backend.ts";

/** The methods of every Keyv storage adapter. */
export interface StorageAdapter {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
}

/** Reads and writes one text. */
export interface TextAccess {
  /** The stored text; `undefined` only when nothing is stored. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

/** Reads and writes the text that Keyv encoded, under a key of an adapter. */
export function adapterText(adapter: StorageAdapter & object, key: string): TextAccess {
  const errors = listenForErrors(adapter);
  return {
    async read() {
      const before = errors.count();
      const value = await callAdapter(async () => adapter.get(key));
      if (value !== undefined && value !== null) return toText(value);
      // Some adapters return `undefined` after a failed read and report the error only by an event.
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

/** Runs a call of a Keyv or an adapter. Fails with `StorageError`. */
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
