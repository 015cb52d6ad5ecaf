import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.ts";

const BUNDLE = ["--bundle", "--platform=node", "--format=esm", "--out-extension:.js=.mjs", "--outdir=dist"];
/** The server is away, so a driver that was found says that it could not connect. */
const AWAY = /127\.0\.0\.1:1\b(?!.*not installed)/;

/** The drivers of Redis and Postgres are found beside a bundle, and are part of one that imports them. */
export const DRIVERS_PLACE: Place = {
  name: "drivers of Redis and Postgres",
  app: "drivers",
  async check({ folder, run, scratch }) {
    await run("esbuild", ["beside.js", "inside.js", ...BUNDLE]);
    for (const file of ["beside.js", "dist/beside.mjs"]) {
      for (const url of ["redis://127.0.0.1:1", "postgres://127.0.0.1:1/none"]) {
        assert.match(await run("node", [file], { env: { BABYLON_SETTINGS_URL: url } }), AWAY);
      }
    }
    const alone = join(scratch, "inside.mjs");
    copyFileSync(join(folder, "dist", "inside.mjs"), alone);
    assert.match(await run("node", [alone], { env: { BABYLON_SETTINGS_URL: "redis://127.0.0.1:1" } }), AWAY);
  },
};
