import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { PRICE_ROWS } from "../src/table/price-table.ts";

const TABLE = join(import.meta.dirname, "../src/table/price-table.ts");

function run(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "prices-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const out = join(folder, "price-table.ts");
  copyFileSync(TABLE, out);
  const script = join(import.meta.dirname, "update-prices.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--out", out, ...args], { encoding: "utf8" });
  return { status, stdout, stderr, table: readFileSync(out, "utf8") };
}

const withoutDays = (table: string): string => table.replaceAll(/read on [\d-]+|CHECKED_AT = "[\d-]+"/g, "");

it("the committed table is what the script makes of the installed data and the overlay", () => {
  const { status, stdout, table } = run("--without-models-dev");
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: `${PRICE_ROWS.length} rows before, ${PRICE_ROWS.length} now\n`,
  });
  expect(withoutDays(table)).toBe(withoutDays(readFileSync(TABLE, "utf8")));
});

it("a source that cannot be read leaves the table as it is", () => {
  const { status, stderr, table } = run("--models-dev", "http://127.0.0.1:1/api.json");
  expect(status).toBe(1);
  expect(stderr).toMatch(/fetch failed/);
  expect(table).toBe(readFileSync(TABLE, "utf8"));
});
