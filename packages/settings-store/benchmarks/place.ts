import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isServerMissing } from "../src/test-support/is-server-missing.ts";
import type { RunningServer } from "../src/test-support/run-server.ts";
import { startPostgres } from "../src/test-support/start-postgres.ts";
import { startRedis } from "../src/test-support/start-redis.ts";

/** A backend to measure. */
export interface BenchmarkPlace {
  readonly name: "SQLite" | "Redis" | "Postgres";
  /** A URL without stored settings. */
  newUrl(): string;
  /** `null`: there is no server. */
  readonly server: RunningServer | null;
  close(): Promise<void>;
}

/** SQLite, and the servers that are installed. */
export async function openPlaces(): Promise<readonly BenchmarkPlace[]> {
  const places: BenchmarkPlace[] = [openSqlite()];
  if (!isServerMissing("redis"))
    places.push(overServer("Redis", await startRedis(), (url, number) => `${url}/${number}`));
  if (!isServerMissing("postgres")) places.push(overServer("Postgres", await startPostgres(), (url) => url));
  return places;
}

function openSqlite(): BenchmarkPlace {
  const directory = mkdtempSync(join(tmpdir(), "babylon-bench-"));
  let number = 0;
  return {
    name: "SQLite",
    newUrl: () => `sqlite://${join(directory, `${number++}.db`)}`,
    server: null,
    close: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Redis has 16 databases; Postgres is reused, and counts start at their current values. */
function overServer(
  name: "Redis" | "Postgres",
  server: RunningServer,
  urlOf: (url: string, number: number) => string,
): BenchmarkPlace {
  let number = 0;
  return { name, newUrl: () => urlOf(server.url, number++ % 16), server, close: () => server.stop() };
}
