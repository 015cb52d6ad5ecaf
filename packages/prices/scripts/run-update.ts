import { pricesWarning } from "../src/prices-age.ts";
import type { PriceRow } from "../src/table/price-row.ts";
import { guardTable } from "./guard-table.ts";
import { mergePrices } from "./merge-prices.ts";
import { printTable } from "./print-table.ts";
import type { SourcePrice } from "./source-price.ts";
import { GENAI_VENDORS, readGenaiPrices } from "./sources/read-genai-prices.ts";
import { readModelsDev } from "./sources/read-models-dev.ts";

/** Input of {@link runUpdate}. */
export interface UpdateInput {
  /** The data of a vendor in genai-prices, by its id there. */
  readonly genaiVendor: (id: string) => unknown;
  readonly genaiVersion: string;
  /** The address of `api.json`; `null`: do not read models.dev. */
  readonly modelsDevURL: string | null;
  readonly fetch: (url: string) => Promise<Response>;
  readonly overlay: readonly SourcePrice[];
  /** The rows of the present table. */
  readonly old: readonly PriceRow[];
  readonly today: string;
}

/** The text of the new table, and the reasons not to write it. */
export interface Update {
  readonly text: string;
  readonly rows: readonly PriceRow[];
  readonly problems: readonly string[];
  /** What a maintainer should look at, and no reason to wait. */
  readonly notes: readonly string[];
}

/** Reads the sources and makes the new table. Rejects if a source cannot be read: a table without it would shrink. */
export async function runUpdate(input: UpdateInput): Promise<Update> {
  const { genaiVersion, modelsDevURL, overlay, old, today } = input;
  const genaiSource = `genai-prices ${genaiVersion}`;
  const genaiPrices = Object.entries(GENAI_VENDORS).flatMap(([id, provider]) =>
    readGenaiPrices(input.genaiVendor(id), provider, genaiSource),
  );
  const modelsDev = modelsDevURL === null ? [] : readModelsDev(await readJSON(input, modelsDevURL), "models.dev");
  const { rows, problems } = mergePrices({ genaiPrices, modelsDev, overlay, today });
  const sources = [
    `npm @pydantic/genai-prices ${genaiVersion} (MIT): ${genaiPrices.length} prices`,
    modelsDevURL === null ? "models.dev (MIT): not read" : `${modelsDevURL} (MIT): ${modelsDev.length} prices`,
    `scripts/overlay.ts: ${overlay.length} prices`,
  ];
  return {
    text: printTable(rows, { today, sources }),
    rows,
    problems: [...problems, ...guardTable(old, rows)],
    notes: oldLines(overlay, today),
  };
}

/** Lines of the overlay that were not checked for as long as makes a client warn. */
function oldLines(overlay: readonly SourcePrice[], today: string): readonly string[] {
  const old = overlay.filter(({ checked }) => checked !== null && pricesWarning(Date.parse(today), checked) !== null);
  return [...new Set(old.map(({ provider, model, checked }) => `${provider} ${model} was last checked on ${checked}`))];
}

async function readJSON({ fetch }: UpdateInput, url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
  return response.json();
}
