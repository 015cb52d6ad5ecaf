import { findProgram } from "./find-program.ts";
import { findPostgres } from "./start-postgres.ts";

/** The server programs that tests start. */
export type ServerName = "redis" | "valkey" | "postgres" | "pgbouncer";

function isInstalled(server: ServerName): boolean {
  if (server === "postgres") return findPostgres() !== null;
  return findProgram(server === "pgbouncer" ? server : `${server}-server`) !== null;
}

/**
 * Whether a server program is not installed, so that its tests are skipped; prints a warning. With `CI=true` or
 * `BABYLON_REQUIRE_SERVERS=1` a missing server is an error instead, except Valkey.
 */
export function isServerMissing(server: ServerName): boolean {
  if (isInstalled(server)) return false;
  const reason = `${server} is not installed on this machine`;
  // Few systems have both Valkey and Redis.
  const isRequired = server !== "valkey" && (process.env.CI === "true" || process.env.BABYLON_REQUIRE_SERVERS === "1");
  if (isRequired) throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return true;
}
