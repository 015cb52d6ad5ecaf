import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { testRecordStore } from "../test-support/record-store-contract.ts";

const folder = mkdtempSync(join(tmpdir(), "babylon-records-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

testRecordStore("records in JSON lines", {
  url: () => `jsonl://${folder}/records`,
  clean: async () => rmSync(join(folder, "records"), { recursive: true, force: true }),
  hasSums: false,
});
