/** Every published entry of the installed packages can be imported and has its main exports. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Exports by entry; none if an entry has only types. An unlisted entry is an error, and so is a missing one. */
const KNOWN_FOR: Readonly<Record<string, readonly string[]>> = {
  "@babylon/llm": ["createBabylonLLM", "BabylonLLMClient", "getAIModelConfig", "claude", "openaiCompatible"],
  "@babylon/llm/settings": ["createSettingsStore"],
  "@babylon/llm/without-stores": ["createBabylonLLM"],
  "@babylon/llm-core": ["createLLMClient", "LLMError"],
  "@babylon/llm-core/sketch": ["mergeSketch", "packSketch"],
  "@babylon/llm-core/status": ["describeStatus"],
  "@babylon/provider-kit": ["fetchTransport"],
  "@babylon/provider-kit/factory": ["createEndpoint", "createLazyCalls"],
  "@babylon/transport-node": ["nodeTransport"],
  "@babylon/provider-openai-compatible": ["openaiCompatible"],
  "@babylon/provider-openai-compatible/calls": ["createCalls"],
  "@babylon/provider-wandb": ["wandb"],
  "@babylon/provider-groq": ["groq"],
  "@babylon/provider-claude": ["claude"],
  "@babylon/provider-claude/calls": ["createCalls"],
  "@babylon/provider-openai": ["openai"],
  "@babylon/prices": ["createPricer", "PRICE_ROWS"],
  "@babylon/record-store": ["openRecordStore"],
  "@babylon/record-store/contract": ["splitPeriods"],
  "@babylon/experiments": ["createExperiments", "openExperimentRows", "hashUnit"],
  "@babylon/experiments/contract": ["promotion", "unitsNeeded"],
  "@babylon/tuning": ["buildDataset", "createTuning", "wandbTrainer", "wandbArtifacts"],
  "@babylon/tuning/contract": ["rollbackChange"],
  "@babylon/storage": ["openSqlite", "openRedis", "openPostgres"],
  "@babylon/storage/time": ["withDeadline"],
  "@babylon/shared-state": ["openSharedState", "sharedFacts"],
  "@babylon/budget": ["createBudget"],
  "@babylon/budget/contract": [],
  "@babylon/settings-store": ["createSettingsStore"],
  "@babylon/settings-store/schema": ["settingsSchema", "patchSchema"],
  "@babylon/settings-store/patch": ["diffSettings"],
  "@babylon/settings-store/audience": ["audienceIssues"],
  "@babylon/telemetry": ["createMetrics"],
  "@babylon/telemetry/otel": ["observeWithOpenTelemetry"],
  "@babylon/telemetry/prometheus": ["prometheusText"],
  "@babylon/admin-api": ["createAdminHandler"],
  "@babylon/admin-api/node": ["toNodeHandler"],
  "@babylon/admin-api/contract": [],
  "@babylon/admin-api/contract-schema": ["patchPutSchema"],
  "@babylon/admin-react": ["AIModelsTab"],
  "@babylon/llm-testing": ["startProviderSimulator"],
  "@babylon/llm-testing/vitest": ["testProvider"],
};

/** The entries in the manifests, including style sheets. */
function publishedEntries(): string[] {
  const scope = join("node_modules", "@babylon");
  return readdirSync(scope).flatMap((name) => {
    const { exports }: { exports: Record<string, unknown> } = JSON.parse(
      readFileSync(join(scope, name, "package.json"), "utf8"),
    );
    return Object.keys(exports).map((path) => `@babylon/${join(name, path)}`);
  });
}

const entries = publishedEntries();
const modules = entries.filter((entry) => !entry.endsWith(".css"));
assert.deepEqual(modules.toSorted(), Object.keys(KNOWN_FOR).toSorted());
for (const entry of modules) {
  const module: object = await import(entry);
  for (const name of KNOWN_FOR[entry] ?? []) assert.ok(name in module, `${entry} has no ${name}`);
}
for (const sheet of entries.filter((entry) => entry.endsWith(".css"))) {
  assert.ok(existsSync(new URL(import.meta.resolve(sheet))), `${sheet} is not there`);
}
