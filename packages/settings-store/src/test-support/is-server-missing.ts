import { findProgram } from "./find-program.ts";
import { findPostgres } from "./start-postgres.ts";

/** The servers that tests start. */
export type ServerName = "redis" | "valkey" | "postgres" | "pgbouncer";

function isInstalled(server: ServerName): boolean {
  if (server === "postgres") return findPostgres() !== null;
  return findProgram(server === "pgbouncer" ? server : `${server}-server`) !== null;
}

/**
 * Whether tests have to be skipped because a server is not installed; says so once. Where servers must be there (`CI=true` or
 * `BABYLON_REQUIRE_SERVERS=1`) a missing one is an error instead, Valkey excepted.
 */
export function isServerMissing(server: ServerName): boolean {
  if (isInstalled(server)) return false;
  const reason = `${server} is not installed on this machine`;
  // Few systems have Valkey beside Redis.
  const isRequired = server !== "valkey" && (process.env.CI === "true" || process.env.BABYLON_REQUIRE_SERVERS === "1");
  if (isRequired) throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return true;
}
