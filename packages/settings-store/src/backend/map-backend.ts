import type { Backend } from "./backend.ts";
import { sharedAccessTo } from "./shared-access.ts";

/** What is used of a `Map`. */
export interface MapLike {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
}

/** Keeps the settings in a Map of this process. Stores over the same Map see each other's changes at once. */
export function createMapBackend(map: MapLike & object, key: string): Backend {
  const place = sharedAccessTo(map);
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
        // Nothing can come between: there is no await from here to the set.
        if (stored() !== expected) return false;
        map.set(key, next);
        place.publish(message);
        return true;
      },
    },
    bus: place.bus,
    async close() {},
  };
}

/** Keyv keeps a text, or the value itself where its serialization is switched off. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
