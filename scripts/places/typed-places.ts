import assert from "node:assert/strict";
import { join } from "node:path";
import type { Place } from "./place.ts";

const COMPILER =
  "--outDir dist --target es2023 --strict --skipLibCheck false --types node --lib es2024,esnext.disposable".split(" ");

/** Places that check types, and Jest, in the same application. */
export const TYPED_PLACES: readonly Place[] = [
  {
    name: "Jest, with its setting",
    app: "commonjs",
    async check({ run }) {
      assert.match(await run("npm", ["test"]), /Tests: +2 passed, 2 total/);
    },
  },
  {
    name: "TypeScript in CommonJS",
    app: "commonjs",
    async check({ folder, run }) {
      for (const [file, module] of [
        ["import", "node20"],
        ["late-import", "node16"],
      ] as const) {
        await run("tsc", [`${file}.cts`, "--module", module, ...COMPILER]);
        assert.equal(await run("node", [join(folder, "dist", `${file}.cjs`)]), "groq\n");
      }
      await assert.rejects(run("tsc", ["import.cts", "--module", "node16", ...COMPILER]), /TS1479/);
    },
  },
  {
    name: "pnpm, one package and declarations",
    app: "pnpm",
    async check({ run }) {
      await run("tsc", ["-p", "."]);
      assert.equal(await run("node", ["dist/service.js"]), "groq\n");
    },
  },
];
