import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProvider } from "@pydantic/genai-prices";
import { expect, it, onTestFinished } from "vitest";
import { CHECKED_AT, PRICE_ROWS } from "../src/table/price-table.ts";
import { installedVersion } from "./installed-version.ts";
import { OVERLAY } from "./overlay.ts";
import { runUpdate } from "./run-update.ts";

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

it("the committed rows are what the installed data and the overlay give", async () => {
  const { rows } = await runUpdate({
    genaiVendor: (id) => findProvider({ providerId: id }),
    genaiVersion: installedVersion(),
    modelsDevURL: null,
    fetch,
    overlay: OVERLAY,
    old: [],
    today: CHECKED_AT,
  });
  expect(rows).toEqual(PRICE_ROWS.filter(({ source }) => source !== "models.dev"));
});

it("writes the table", () => {
  const { status, stdout, table } = run("--without-models-dev", "--accept");
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+ rows before, \d+ now\n$/) });
  expect(table).toContain(`// - npm @pydantic/genai-prices ${installedVersion()} (MIT)`);
});

it("a source that cannot be read leaves the table as it is", () => {
  const { status, stderr, table } = run("--models-dev", "http://127.0.0.1:1/api.json");
  expect(status).toBe(1);
  expect(stderr).toMatch(/fetch failed/);
  expect(table).toBe(readFileSync(TABLE, "utf8"));
});
