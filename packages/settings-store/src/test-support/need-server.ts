import { findProgram } from "./find-program.ts";
import { findPostgres } from "./start-postgres.ts";

/** The servers that tests start. */
export type ServerName = "redis" | "postgres" | "pgbouncer";

function isInstalled(server: ServerName): boolean {
  if (server === "postgres") return findPostgres() !== null;
  return findProgram(server === "redis" ? "redis-server" : server) !== null;
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
