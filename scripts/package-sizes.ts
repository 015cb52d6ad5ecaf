import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/**
 * The maximum size of the code of an entry: bytes, minified and gzipped, with lazily loaded files and without other packages.
 * A little above the size at the last change of the row; a change that needs more raises its row with a reason.
 */
const BUDGETS: Readonly<Record<string, number>> = {
  // With the factories of the providers, which are 7,200 of it (packages/llm/tsup.config.ts).
  // The limit of what shadow calls and judges of all processes cost is 150 of it.
  "@babylon/llm": 12_100,
  "@babylon/llm/settings": 100,
  "@babylon/llm/without-stores": 8_500,
  "@babylon/llm-core": 71_000,
  "@babylon/llm-core/sketch": 1_300,
  "@babylon/llm-core/status": 2_100,
  "@babylon/prices": 8_000,
  "@babylon/provider-kit": 15_700,
  "@babylon/provider-kit/factory": 3_300,
  "@babylon/transport-node": 5_900,
  "@babylon/provider-openai-compatible": 13_800,
  "@babylon/provider-openai-compatible/calls": 12_500,
  "@babylon/provider-wandb": 1_800,
  "@babylon/provider-groq": 1_400,
  "@babylon/provider-openai": 1_600,
  "@babylon/provider-claude": 10_700,
  "@babylon/provider-claude/calls": 9_100,
  "@babylon/storage": 7_200,
  "@babylon/storage/time": 600,
  // Four engines, of which a store uses one. Pages of whole calls are 700 of it.
  "@babylon/record-store": 26_000,
  "@babylon/record-store/contract": 1_700,
  // With the journal of an outage and what is sent again after a failover.
  "@babylon/budget": 13_500,
  "@babylon/budget/contract": 100,
  // Removing rows is 1,700 of it, earlier looks 1,200, guardrails of quantiles 700, limits that processes share 700, tenants and limits of copies 400.
  "@babylon/experiments": 21_500,
  // With rollouts, 400, and audiences in words, 200.
  "@babylon/experiments/contract": 2_450,
  "@babylon/tuning": 20_600,
  "@babylon/tuning/contract": 800,
  "@babylon/shared-state": 23_000,
  "@babylon/settings-store": 25_900,
  "@babylon/settings-store/schema": 6_300,
  // Unknown fields within an audience are kept: 100.
  "@babylon/settings-store/patch": 1_200,
  "@babylon/settings-store/audience": 2_900,
  "@babylon/telemetry": 1_800,
  "@babylon/telemetry/otel": 4_500,
  "@babylon/telemetry/prometheus": 2_600,
  "@babylon/admin-api": 18_200,
  "@babylon/admin-api/node": 1_600,
  "@babylon/admin-api/contract": 200,
  "@babylon/admin-api/contract-schema": 3_300,
  // The pages for usage, calls and experiments are 22,600 of it (editing an experiment and its audience 3,100), that for budgets 7,500 and that for tuning 9,400, loaded when they are opened.
  "@babylon/admin-react": 61_700,
  "@babylon/admin-react with d3": 77_800,
  "@babylon/admin-react/styles.css": 7_800,
  // With the simulator of training and artifacts.
  "@babylon/llm-testing": 44_300,
  "@babylon/llm-testing/vitest": 47_000,
};

/** Entries whose size is computed a second time, with packages that they alone bring to a page: what is external then. */
const WITH: Readonly<Record<string, { readonly name: string; readonly external: readonly string[] }>> = {
  "@babylon/admin-react": {
    name: "@babylon/admin-react with d3",
    external: ["@babylon/*", "@tanstack/*", "react", "react/*"],
  },
};

/** The size of an entry, and its budget. */
export interface EntrySize {
  readonly entry: string;
  readonly bytes: number;
  /** `null`: it has no budget. */
  readonly budget: number | null;
}

/**
 * Bytes of a built file with all files of its own package that it imports, minified and gzipped.
 *
 * @param external - the packages that are not included; default: all
 */
export async function compressedSize(file: string, external?: readonly string[]): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    platform: "neutral",
    ...(external === undefined ? { packages: "external" } : { mainFields: ["module", "main"] }),
    external: ["node:*", ...(external ?? [])],
    logLevel: "silent",
  });
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
}

/** Measures every code entry in the manifest of a package. */
export async function entrySizes(folder: string): Promise<EntrySize[]> {
  const { name, exports }: { name: string; exports: Record<string, { default: string } | string> } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  const sizes: EntrySize[] = [];
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target === "string") continue;
    const entry = join(name, path);
    const file = join(folder, target.default);
    sizes.push({ entry, bytes: await compressedSize(file), budget: BUDGETS[entry] ?? null });
    const more = WITH[entry];
    if (more === undefined) continue;
    const bytes = await compressedSize(file, more.external);
    sizes.push({ entry: more.name, bytes, budget: BUDGETS[more.name] ?? null });
  }
  return sizes;
}
