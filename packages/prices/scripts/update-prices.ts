/**
 * Renews the price table from genai-prices, models.dev and the overlay: `node packages/prices/scripts/update-prices.ts`. Exits with 1 and leaves the
 * table as it is if the sources disagree, if rows get lost or if a price moves tenfold.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findProvider } from "@pydantic/genai-prices";
import { PRICE_ROWS } from "../src/table/price-table.ts";
import { installedVersion } from "./installed-version.ts";
import { OVERLAY } from "./overlay.ts";
import { runUpdate } from "./run-update.ts";

const HELP = `Renews src/table/price-table.ts.

  node packages/prices/scripts/update-prices.ts
  --models-dev URL       another address of models.dev's api.json
  --without-models-dev   do not read models.dev
  --out FILE             write another file
  --accept               write the table although a guard objects; the pull request has to say why`;

const { values: options } = parseArgs({
  options: {
    "models-dev": { type: "string", default: "https://models.dev/api.json" },
    "without-models-dev": { type: "boolean" },
    out: { type: "string", default: fileURLToPath(new URL("../src/table/price-table.ts", import.meta.url)) },
    accept: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit();
}

const { text, rows, problems, notes } = await runUpdate({
  genaiVendor: (id) => findProvider({ providerId: id }),
  genaiVersion: installedVersion(),
  modelsDevURL: options["without-models-dev"] ? null : options["models-dev"],
  fetch: (url) => fetch(url, { signal: AbortSignal.timeout(30_000) }),
  overlay: OVERLAY,
  old: PRICE_ROWS,
  today: new Date().toISOString().slice(0, 10),
});
for (const note of notes) console.error(`note: ${note}`);
for (const problem of problems) console.error(problem);
if (problems.length > 0 && !options.accept) {
  process.exitCode = 1;
} else {
  writeFileSync(options.out, text);
  console.log(`${PRICE_ROWS.length} rows before, ${rows.length} now`);
}
