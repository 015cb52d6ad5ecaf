import type { ImportPackage } from "../backend/import-adapter.ts";

/** Imports the adapters for Keyv 5 in place of those for Keyv 6. */
export const importKeyv5: ImportPackage = (name) =>
  name === "@keyv/redis" ? import("keyv5-redis") : import("keyv5-postgres");
