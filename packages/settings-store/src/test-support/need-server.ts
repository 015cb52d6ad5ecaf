import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { findPostgres } from "./start-postgres.ts";

/** The servers that tests start. */
export type ServerName = "redis" | "postgres";

function isInstalled(server: ServerName): boolean {
  if (server === "postgres") return findPostgres() !== null;
  return (process.env.PATH ?? "").split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, "redis-server"), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Whether tests have to be skipped because a server is not installed; says so once. Where servers must be there (`CI=true` or
 * `BABYLON_REQUIRE_SERVERS=1`) a missing one is an error instead.
 */
export function mustSkip(server: ServerName): boolean {
  if (isInstalled(server)) return false;
  const reason = `${server} is not installed on this machine`;
  if (process.env.CI === "true" || process.env.BABYLON_REQUIRE_SERVERS === "1") throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return true;
}
