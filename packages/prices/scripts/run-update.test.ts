import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PriceRow } from "../src/table/price-row.ts";
import { OVERLAY } from "./overlay.ts";
import { runUpdate, type UpdateInput } from "./run-update.ts";
import type { SourcePrice } from "./source-price.ts";

/** The shape of https://models.dev/api.json (packages/core/src/schema.ts of anomalyco/models.dev @f3fc692), trimmed. */
const API: unknown = JSON.parse(readFileSync(new URL("fixtures/models-dev.json", import.meta.url), "utf8"));

const model = (id: string, prices: object): object => ({ id, match: { equals: id }, prices });

/** The shape of genai-prices, by its ids of the vendors. */
const GENAI: Readonly<Record<string, { readonly models: readonly object[] }>> = {
  anthropic: {
    models: [
      model("claude-opus-5-5", { input_mtok: 4, output_mtok: 20, cache_read_mtok: 0.2, cache_write_mtok: 5 }),
      model("claude-haiku-4-5", { input_mtok: 1, output_mtok: 5, cache_read_mtok: 0.1, cache_write_mtok: 1.25 }),
    ],
  },
  openai: { models: [model("gpt-5.1", { input_mtok: 1.25, output_mtok: 10, cache_read_mtok: 0.125 })] },
  groq: {
    models: [model("openai/gpt-oss-safeguard-20b", { input_mtok: 0.15, output_mtok: 0.6, cache_read_mtok: 0.075 })],
  },
};

/** Serves a reply on loopback. */
async function serve(body: unknown, status = 200): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(body)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  // A server that listens on a port has an address with one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api.json`;
}

async function update(more: Partial<UpdateInput> = {}) {
  return runUpdate({
    genaiVendor: (id) => GENAI[id],
    genaiVersion: "0.1.8",
    modelsDevURL: await serve(API),
    fetch,
    overlay: OVERLAY,
    old: [],
    today: "2026-11-30",
    ...more,
  });
}

const rowsOf = (rows: readonly PriceRow[], provider: string, name: string): readonly PriceRow[] =>
  rows.filter((row) => row.provider === provider && row.model === name);

describe("the merge", () => {
  it("takes what only one source has, with its sizes of requests", async () => {
    const { rows, problems } = await update();
    expect(problems).toEqual([]);
    expect(rowsOf(rows, "openai", "gpt-5.1")).toMatchObject([
      { pico: { input: 1_250_000 }, source: "genai-prices 0.1.8" },
    ]);
    expect(rowsOf(rows, "openai", "gpt-6-astra")).toMatchObject([
      { above: 0, pico: { input: 10_000_000, cacheWrite: 12_500_000 }, source: "models.dev", checked: "2026-11-30" },
      { above: 272_000, pico: { input: 20_000_000, output: 75_000_000 } },
    ]);
    expect(rowsOf(rows, "claude", "claude-sonnet-4-5").map(({ above }) => above)).toEqual([0, 200_000]);
  });

  it("the overlay replaces what the sources say", async () => {
    const { rows } = await update();
    expect(rowsOf(rows, "wandb", "openai/gpt-oss-120b")).toMatchObject([
      { pico: { input: 30_000, output: 170_000, cacheRead: 30_000 }, from: "2026-10-07", checked: "2026-11-30" },
    ]);
    expect(rowsOf(rows, "groq", "openai/gpt-oss-safeguard-20b")).toMatchObject([{ pico: { input: 75_000 } }]);
  });

  it("takes only our vendors, and models that answer with text", async () => {
    const { rows } = await update();
    expect(new Set(rows.map(({ provider }) => provider))).toEqual(new Set(["wandb", "groq", "claude", "openai"]));
    expect(rowsOf(rows, "openai", "gpt-image-2")).toEqual([]);
    expect(rowsOf(rows, "claude", "claude-haiku-4-5")).toHaveLength(1);
  });

  it("prints a module with a row a line, and the sources at its head", async () => {
    const { text, rows } = await update();
    expect(text).toContain("// - npm @pydantic/genai-prices 0.1.8 (MIT): 4 prices");
    expect(text).toMatch(/\/\/ - http:.*api\.json \(MIT\): 9 prices/);
    expect(text).toContain('export const CHECKED_AT = "2026-11-30";');
    expect(text.match(/^ {2}\[".*\],$/gm)).toHaveLength(rows.length);
    expect(text).toMatch(
      /\["openai", "gpt-6-astra", null, null, 272000, \[20000000, 75000000, 2000000, 25000000, null\], T\d+, true, null, S\d+, CHECKED_AT\]/,
    );
  });
});

describe("the guards", () => {
  it("sources that disagree need a line of the overlay", async () => {
    const overlay = OVERLAY.filter((price) => price.model !== "openai/gpt-oss-safeguard-20b");
    const { problems } = await update({ overlay });
    expect(problems).toEqual([
      "the sources disagree about groq openai/gpt-oss-safeguard-20b: input 0.15 or 0.075 USD per million; add a line to the overlay",
      "the sources disagree about groq openai/gpt-oss-safeguard-20b: output 0.6 or 0.3 USD per million; add a line to the overlay",
      "the sources disagree about groq openai/gpt-oss-safeguard-20b: cacheRead 0.075 or 0.037 USD per million; add a line to the overlay",
    ]);
  });

  it("a table may lose one row of twenty, but not more", async () => {
    const { rows } = await update();
    const [first] = rows;
    if (first === undefined) throw new Error("no rows");
    const more = (count: number): PriceRow[] =>
      Array.from({ length: count }, (_, at) => ({ ...first, model: `m${at}` }));
    const tolerated = Math.floor(rows.length / 0.95) - rows.length;
    expect((await update({ old: [...rows, ...more(tolerated)] })).problems).toEqual([]);
    expect((await update({ old: [...rows, ...more(tolerated + 1)] })).problems).toEqual([
      expect.stringMatching(/shrinks from \d+ to \d+ rows/),
    ]);
  });

  it.each<[string, number, boolean]>([
    ["tenfold", 10, true],
    ["more than tenfold", 10.1, false],
    ["a tenth", 0.1, true],
    ["less than a tenth", 0.099, false],
    ["to nothing", 0, false],
  ])("a price may move %s: %s", async (_, factor, isFine) => {
    const { rows: old } = await update();
    const moved = OVERLAY.map(
      (price): SourcePrice =>
        price.model === "moonshotai/Kimi-K2.6"
          ? { ...price, pico: { ...price.pico, output: Math.round(price.pico.output * factor) } }
          : price,
    );
    const { problems } = await update({ old, overlay: moved });
    expect(problems).toEqual(isFine ? [] : [expect.stringMatching(/Kimi-K2\.6 above 0: output moves from 3\.41 to /)]);
  });

  it.each<[string, unknown, number, RegExp]>([
    ["an error of models.dev", API, 500, /status 500/],
    ["another shape of models.dev", { anthropic: {} }, 200, /anthropic has no models/],
  ])("%s ends the update", async (_, body, status, message) => {
    await expect(update({ modelsDevURL: await serve(body, status) })).rejects.toThrow(message);
  });

  it("without models.dev the table says so", async () => {
    const { text, rows } = await update({ modelsDevURL: null });
    expect(text).toContain("// - models.dev (MIT): not read");
    expect(rowsOf(rows, "openai", "gpt-6-astra")).toEqual([]);
  });

  it("lines of the overlay that are old are noted, and do not stop the update", async () => {
    expect((await update()).notes).toEqual([]);
    const { notes, problems } = await update({ today: "2027-02-01" });
    expect(notes).toContain("wandb zai-org/GLM-5.2 was last checked on 2026-11-30");
    expect(problems).toEqual([]);
  });
});
