import { randomBytes } from "node:crypto";
import { type Clock, systemClock } from "@babylon/llm-core";
import { parseStorageUrl, StorageError } from "@babylon/storage";
import type { ExperimentRows } from "./experiment-rows.ts";

/** Options of {@link openExperimentRows}. */
export interface ExperimentRowsOptions {
  /** `sqlite://path`, `postgres://host/database` or `memory://`. A relative path is one below the working directory. */
  readonly url: string;
  /** The option or variable that the URL is from, for errors. Default `url`. */
  readonly at?: string | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Opens the rows of experiments. All processes that open the same ones share them.
 *
 * Throws a `StorageError`: `invalid` for another URL, `unavailable` or `corrupt` if the engine cannot be used.
 */
export async function openExperimentRows({
  url,
  at = "url",
  clock = systemClock,
}: ExperimentRowsOptions): Promise<ExperimentRows> {
  const parsed = parseStorageUrl(url, at, process.cwd());
  const newSecret = randomBytes(32).toString("base64url");
  switch (parsed.scheme) {
    case "memory":
    case "sqlite": {
      const { openSqliteRows } = await import("./sqlite-rows.ts");
      const place = parsed.scheme === "memory" ? { file: null, readOnly: false } : parsed;
      return openSqliteRows({ ...place, at, clock, random: Math.random, newSecret });
    }
    case "postgres": {
      const { openPostgresRows } = await import("./postgres-rows.ts");
      return openPostgresRows(parsed, newSecret);
    }
    case "redis": {
      const message = `${at}: experiments are stored in sqlite://path, postgres://host/database or memory://`;
      throw new StorageError({ code: "invalid", message, applied: "no", at });
    }
  }
}
