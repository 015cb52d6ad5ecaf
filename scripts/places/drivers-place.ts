import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.ts";

// CommonJS, like the driver: esbuild cannot bundle its `require` into a module.
const BUNDLE = ["--bundle", "--platform=node", "--out-extension:.js=.cjs", "--outdir=dist"];
/** There is no server, so a loaded driver reports that it could not connect. */
const AWAY = /127\.0\.0\.1:1\b(?!.*not installed)/;

/** The drivers of Redis and Postgres are resolved next to a bundle, and are part of a bundle that imports them. */
export const DRIVERS_PLACE: Place = {
  name: "drivers of Redis and Postgres",
  app: "drivers",
  async check({ folder, run, scratch }) {
    await run("esbuild", ["beside.js", "inside.js", ...BUNDLE]);
    for (const file of ["beside.js", "dist/beside.cjs"]) {
      for (const url of ["redis://127.0.0.1:1", "postgres://127.0.0.1:1/none"]) {
        assert.match(await run("node", [file], { env: { BABYLON_SETTINGS_URL: url } }), AWAY);
      }
    }
    const alone = join(scratch, "inside.cjs");
    copyFileSync(join(folder, "dist", "inside.cjs"), alone);
    assert.match(await run("node", [alone], { env: { BABYLON_SETTINGS_URL: "redis://127.0.0.1:1" } }), AWAY);
  },
};
