import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { ROOT } from "./workspace.ts";

const PORTABLE = [
  "llm-core/src/index.ts",
  "llm-core/src/sketch.ts",
  "telemetry/src/index.ts",
  "telemetry/src/otel.ts",
  "telemetry/src/prometheus.ts",
  "provider-kit/src/index.ts",
  "provider-openai-compatible/src/index.ts",
  "provider-wandb/src/index.ts",
  "provider-groq/src/index.ts",
  "provider-openai/src/index.ts",
  "provider-claude/src/index.ts",
  "llm/src/without-stores/index.ts",
  "settings-store/src/schema/settings-patch.ts",
  "settings-store/src/schema/settings-schema.ts",
  "record-store/src/contract.ts",
  "experiments/src/contract.ts",
  "tuning/src/contract.ts",
];

const PLATFORMS = [
  { platform: "a browser", conditions: ["browser"] },
  { platform: "workerd", conditions: ["workerd", "worker", "browser"] },
];

describe.each(PLATFORMS)("for $platform", ({ conditions }) => {
  it.each(PORTABLE)("%s and its SDK are bundled without Node built-ins", async (entry) => {
    const { errors, outputFiles, metafile } = await build({
      entryPoints: [join(ROOT, "packages", entry)],
      bundle: true,
      write: false,
      format: "esm",
      splitting: true,
      outdir: "out",
      // Like bundlers for browsers and workers, with the packages' `browser` fields; a Node built-in is an error.
      platform: "browser",
      conditions,
      metafile: true,
      logLevel: "silent",
    });
    expect(errors).toEqual([]);
    expect(outputFiles.length).toBeGreaterThan(0);
    const builtIns = Object.values(metafile.outputs)
      .flatMap(({ imports }) => imports)
      .filter(({ external, path }) => external === true || path.startsWith("node:"));
    expect(builtIns).toEqual([]);
  });
});
