import type { Backend, CasLevel } from "./backend.ts";
import { BackendError, messageOf } from "./backend-error.ts";
import { listenForErrors } from "./error-events.ts";
import { toText } from "./map-backend.ts";
import { sharedPlaceOf } from "./take-turns.ts";

/** What every Keyv storage adapter has. */
export interface StorageAdapter {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
}

/** How to use an adapter of which no more is known. */
export interface AdapterUse {
  readonly adapter: StorageAdapter & object;
  readonly key: string;
  /** `process` where the data cannot be anywhere but in this process. */
  readonly cas: Exclude<CasLevel, "atomic">;
  /** The object that all stores of this process over the same data share. */
  readonly owner: object;
}

/**
 * Keeps the settings through the `get` and `set` that every adapter has. There is no compare-and-set among them: stores of this
 * process take turns, and each write is read back.
 */
export function createAdapterBackend({ adapter, key, cas, owner }: AdapterUse): Backend {
  const place = sharedPlaceOf(owner);
  const errors = listenForErrors(adapter);

  async function read(): Promise<string | undefined> {
    const before = errors.count();
    const value = await call(async () => adapter.get(key));
    if (value !== undefined && value !== null) return toText(value);
    // Some adapters answer "nothing" to a failed read and say so only by an event.
    if (errors.count() !== before) throw failed("no", errors.last());
    return undefined;
  }

  async function write(next: string): Promise<void> {
    const before = errors.count();
    const accepted = await call(async () => adapter.set(key, next), "unknown");
    if (accepted === false || errors.count() !== before) throw failed("unknown", errors.last());
  }

  return {
    kind: cas === "process" ? "memory" : "keyv",
    location: cas === "process" ? "memory" : "a Keyv adapter",
    cas,
    port: {
      read,
      compareAndSet: ({ expected, next, message }, signal) =>
        place.takeTurn(async () => {
          if ((await read()) !== expected) return false;
          await write(next);
          if ((await read()) !== next) throw overwritten();
          place.publish(message);
          return true;
        }, signal),
    },
    // Data outside of this process can be changed by processes that do not take part in its turns.
    bus: { ...place.bus, scope: cas === "process" ? "all" : "process" },
    async close() {},
  };
}

async function call<T>(work: () => Promise<T>, applied: "no" | "unknown" = "no"): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw failed(applied, thrown);
  }
}

/** Another process wrote at the same time; whether on top of this write or over it, only the record can tell. */
function overwritten(): BackendError {
  return new BackendError({ message: "another process wrote at the same time", applied: "unknown" });
}

function failed(applied: "no" | "unknown", cause: unknown): BackendError {
  return new BackendError({ message: `the Keyv adapter failed: ${messageOf(cause)}`, applied, cause });
}
