import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import { checkService } from "./check-service.ts";
import type { Place } from "./place.ts";

const app = "services";
const NODE_22 = "node_modules/node22/bin/node";
const NODE_20 = "node_modules/node20/bin/node";

const DENO = ["run", "--allow-all", "--no-prompt", "--node-modules-dir=manual"];

/** Starts a server program and tests it. */
function service(name: string, command: string, args: readonly string[]): Place {
  return {
    name,
    app,
    async check({ start, simulator }) {
      const { origin } = await start(command, args);
      await checkService({ origin, simulator });
    },
  };
}

const BUNDLES = {
  "esbuild, ES module": {
    file: "dist/esbuild.mjs",
    command: "esbuild",
    args: ["node.js", "--bundle", "--platform=node", "--format=esm", "--outfile=dist/esbuild.mjs"],
  },
  "esbuild, CommonJS": {
    file: "dist/esbuild.cjs",
    command: "esbuild",
    args: ["node.js", "--bundle", "--platform=node", "--outfile=dist/esbuild.cjs"],
  },
  webpack: {
    file: "dist/webpack.cjs",
    command: "webpack",
    // Without chunks: one file.
    args: "--mode production --target node --entry ./node.js --no-output-async-chunks --output-filename webpack.cjs".split(
      " ",
    ),
  },
} as const;

type BundleName = keyof typeof BUNDLES;

/** The bundled file in a folder without packages: its error names the package that a store requires. */
function bundled(name: BundleName): Place {
  return {
    name: `${name}, a single file`,
    app,
    async check(context) {
      const { file, command, args } = BUNDLES[name];
      assert.doesNotMatch(await context.run(command, args), /warning|critical dependency/i);
      const alone = join(context.scratch, basename(file));
      copyFileSync(join(context.folder, file), alone);
      const { origin } = await context.start("node", [alone], { cwd: context.scratch });
      await checkService({ origin, simulator: context.simulator });
      for (const url of ["redis://127.0.0.1:1", "postgres://127.0.0.1:1/none"]) {
        const starting = context.run("node", [alone], { env: { BABYLON_SETTINGS_URL: url } });
        await assert.rejects(starting, /is not installed: npm install/);
      }
    },
  };
}

const VITEST: Place = {
  name: "Vitest",
  app,
  async check({ run }) {
    assert.match(await run("vitest", ["run"]), /1 passed/);
  },
};

const OLD_NODE: Place = {
  name: "Node 20 is refused in one line",
  app,
  async check({ run }) {
    for (const program of ["node.js", "node_modules/@babylon/llm/dist/cli/main.js"]) {
      const line = "Babylon LLM needs Node 22.19 or newer, and this is Node 20.20.2";
      await assert.rejects(run(NODE_20, [program, "status"]), new RegExp(`ended with 1\\n${line}\\n$`));
    }
  },
};

export const SERVICE_PLACES: readonly Place[] = [
  bundled("esbuild, ES module"),
  bundled("esbuild, CommonJS"),
  bundled("webpack"),
  service("Node 24", "node", ["node.js"]),
  service("Node 22.19", NODE_22, ["node.js"]),
  OLD_NODE,
  service("CommonJS on Node 24", "node", ["common.cjs"]),
  service("CommonJS on Node 22.19", NODE_22, ["common.cjs"]),
  service("Express", "node", ["express.js"]),
  service("Hono", "node", ["hono.js"]),
  service("Bun", "bun", ["bun.js"]),
  service("Deno", "deno", [...DENO, "deno.js"]),
  VITEST,
];
