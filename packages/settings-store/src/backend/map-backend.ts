import type { Backend } from "./backend.ts";
import { sharedAccessTo } from "./shared-access.ts";

/** The part of a `Map` that is used here. */
export interface MapLike {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
}

/** A backend in a Map. Stores with the same Map see each other's changes at once. */
export function createMapBackend(map: MapLike & object, key: string): Backend {
  const access = sharedAccessTo(map);
  const stored = (): string | undefined => {
    const value = map.get(key);
    return value === undefined || value === null ? undefined : toText(value);
  };
  return {
    kind: "memory",
    location: "memory",
    cas: "atomic",
    port: {
      async read() {
        return stored();
      },
      async compareAndSet({ expected, next, message }) {
        // Atomic, because there is no `await` up to the `set`.
        if (stored() !== expected) return false;
        map.set(key, next);
        access.publish(message);
        return true;
      },
    },
    bus: access.bus,
    async close() {},
  };
}

/** Keyv stores a text, or the value itself when its serialization is disabled. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
