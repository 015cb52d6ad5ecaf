import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { testRecordStore } from "../test-support/record-store-contract.ts";

const folder = mkdtempSync(join(tmpdir(), "babylon-records-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

testRecordStore("records in SQLite", {
  url: () => `sqlite://${folder}/data/records.db`,
  clean: async () => rmSync(join(folder, "data"), { recursive: true, force: true }),
  hasSums: true,
});
