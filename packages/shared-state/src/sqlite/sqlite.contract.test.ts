import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll } from "vitest";
import { describeSharedState } from "../test-support/describe-shared-state.ts";
import { urlTestEngine } from "../test-support/url-test-engine.ts";

const folder = mkdtempSync(join(tmpdir(), "babylon-state-"));
const file = join(folder, "state.db");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TABLES = ["kept", "windows", "reservations", "leases", "turns", "facts", "alive", "write_offs"];

const engine = urlTestEngine({
  name: "an SQLite file",
  url: () => `sqlite://${file}`,
  async empty() {
    const database = new DatabaseSync(file, { timeout: 5_000 });
    const isCreated = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'babylon_kept'").get() !== undefined;
    if (isCreated) database.exec(TABLES.map((table) => `DELETE FROM babylon_${table};`).join(""));
    database.close();
  },
});
describeSharedState(engine);
