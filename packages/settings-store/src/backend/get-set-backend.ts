import { StorageError } from "@babylon/storage";
import type { Backend, CasLevel } from "./backend.ts";
import { sharedAccessTo } from "./shared-access.ts";

/** A place that is read and written through `get` and `set` of somebody else's. */
export interface GetSetBackendOptions {
  /** The stored text; `undefined` only when there is none. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  /** `process` where the data cannot be anywhere but in this process. */
  readonly cas: Exclude<CasLevel, "atomic">;
  /** The object that all stores of this process over the same data share. */
  readonly owner: object;
}

/**
 * Keeps the settings where there is no compare-and-set: stores of this process take turns, and each write is read back.
 */
export function createGetSetBackend({ read, write, cas, owner }: GetSetBackendOptions): Backend {
  const place = sharedAccessTo(owner);
  return {
    kind: cas === "process" ? "memory" : "keyv",
    location: cas === "process" ? "memory" : "a Keyv adapter",
    cas,
    port: {
      read,
      compareAndSet: ({ expected, next, message }, signal) =>
        place.runExclusive(async () => {
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

/** Another process wrote at the same time; whether on top of this write or over it, only the record can tell. */
function overwritten(): StorageError {
  return new StorageError({ message: "another process wrote at the same time", applied: "unknown" });
}
