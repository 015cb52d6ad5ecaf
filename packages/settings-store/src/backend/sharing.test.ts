import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import KeyvSqlite from "@keyv/sqlite";
import { afterAll } from "vitest";
import { describeSharing } from "../test-support/describe-sharing.ts";

const directory = mkdtempSync(join(tmpdir(), "babylon-sharing-"));
const uri = `sqlite://${join(directory, "babylon.db")}`;

describeSharing({
  name: "an SQLite file",
  createAdapter: () => new KeyvSqlite({ uri, table: "babylon_settings", busyTimeout: 1_000 }),
  byUrl: () => ({ url: uri }),
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));
