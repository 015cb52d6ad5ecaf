import { StorageError } from "@babylon/storage";
import type { Backend, CasLevel } from "./backend.ts";
import { sharedAccessTo } from "./shared-access.ts";

/** Input of {@link createGetSetBackend}. */
export interface GetSetBackendOptions {
  /** The stored text; `undefined` only when nothing is stored. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  /** `process`: the data is in the memory of this process. */
  readonly cas: Exclude<CasLevel, "atomic">;
  /** The object that identifies the data: stores with the same owner share one queue of writes. */
  readonly owner: object;
}

/**
 * A backend without compare-and-set: writes of this process are serialized, and each write is read back.
 */
export function createGetSetBackend({ read, write, cas, owner }: GetSetBackendOptions): Backend {
  const access = sharedAccessTo(owner);
  return {
    kind: cas === "process" ? "memory" : "keyv",
    location: cas === "process" ? "memory" : "a Keyv adapter",
    cas,
    port: {
      read,
      compareAndSet: ({ expected, next, message }, signal) =>
        access.runExclusive(async () => {
          if ((await read()) !== expected) return false;
          await write(next);
          if ((await read()) !== next) throw overwritten();
          access.publish(message);
          return true;
        }, signal),
    },
    // Other processes can change data outside of this process without a message.
    bus: { ...access.bus, scope: cas === "process" ? "all" : "process" },
    async close() {},
  };
}

/** Another process wrote concurrently. Whether its record contains this write is decided by reading the record. */
function overwritten(): StorageError {
  return new StorageError({ message: "another process wrote at the same time", applied: "unknown" });
}
