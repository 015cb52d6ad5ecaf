import type { ImportDriver } from "@babylon/storage";

/** Imports version 5 of the Redis driver in place of version 6. */
export const importRedis5: ImportDriver = (name) => (name === "@redis/client" ? import("redis-client5") : import("pg"));
