import { isLLMError, type LLMError, type Provider } from "@babylon/llm-core";
import type { SettingsErrorCode } from "@babylon/settings-store";
import { UsageError } from "../arguments/usage-error.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";

/** An error as the tool prints it. */
export interface DescribedError {
  readonly code: string;
  readonly message: string;
  /** How to fix it; `null` if there is no specific advice. */
  readonly fix: string | null;
  readonly exit: ExitCode;
}

/** How to fix a failed call, by code; `null`: no specific advice. Pure. */
export function fixFor(error: LLMError, providers: readonly Provider[]): string | null {
  const provider = providers.find(({ id }) => id === error.provider);
  const name = provider?.name ?? "the provider";
  const key = provider?.envKey ?? "its key";
  const where = provider?.keyURL == null ? "" : `; create a new one at ${provider.keyURL}`;
  switch (error.code) {
    case "auth":
      return `check ${key}${where}`;
    case "permission":
      return `the key in ${key} lacks a permission: check its permissions${where}`;
    case "quota":
      return `credit or spending limit exhausted: see the billing page of ${name}`;
    case "budget":
      return budgetFix(error.retryAfterMs);
    case "model_not_found":
      return `set another model: --model, ${provider?.envModel ?? "the variable"} or settings set providers.${error.provider ?? "<id>"}.model=...; for a list run babylon-llm models ${error.provider ?? ""}`.trimEnd();
    case "rate_limit":
      return waitFix(error.retryAfterMs, name);
    case "network":
      return `check the connection${provider?.envBaseURL == null ? "" : `, ${provider.envBaseURL}`} and the proxy variables; babylon-llm doctor checks them`;
    case "timeout":
      return `${name} did not answer in time: try again, or raise the limit with --timeout`;
    case "deadline":
      return "raise the limit with --timeout";
    case "overloaded":
    case "server":
      return `${name} is failing: try again later, or put another provider first with settings set order=...`;
    case "no_provider":
      return noProviderFix(error, providers);
    case "all_failed":
      return allFailedFix(error, providers);
    default:
      return null;
  }
}

function budgetFix(retryAfterMs: number | null): string {
  return retryAfterMs === null
    ? "change the budget rule in the message, or request less"
    : `wait ${Math.ceil(retryAfterMs / 1_000)} s, or change the budget rule in the message`;
}

function waitFix(retryAfterMs: number | null, name: string): string {
  return retryAfterMs === null
    ? `${name} limits the requests of this key: wait, or put another provider first with settings set order=...`
    : `wait ${Math.ceil(retryAfterMs / 1_000)} s, as ${name} requests`;
}

function noProviderFix(error: LLMError, providers: readonly Provider[]): string {
  const skipped = isLLMError(error, "no_provider") ? error.skipped : [];
  const keyless = skipped.filter(({ reason }) => reason.startsWith("no key"));
  if (keyless.length === 0) return "run babylon-llm status for the reason of each skipped provider";
  const ways = keyless.flatMap(({ provider: id }) => {
    const found = providers.find((provider) => provider.id === id);
    if (found?.envKey == null) return [];
    return [found.keyURL == null ? found.envKey : `${found.envKey} (${found.keyURL})`];
  });
  return `set ${ways.join(", or ")}, in the environment or in .env`;
}

function allFailedFix(error: LLMError, providers: readonly Provider[]): string | null {
  const errors = isLLMError(error, "all_failed") ? error.errors : [];
  const fixes = errors.flatMap((one) => {
    const fix = fixFor(one, providers);
    return fix === null ? [] : [`${one.provider ?? "provider"}: ${fix}`];
  });
  return fixes.length === 0 ? null : [...new Set(fixes)].join("\n     ");
}

const SETTINGS_FIXES: Readonly<Partial<Record<SettingsErrorCode, string>>> = {
  conflict: "check the stored settings with settings get, then repeat the change",
  unavailable:
    "check that the server is running or the file is writable, or use other settings with --settings or BABYLON_SETTINGS_URL",
  timeout: "check that the server of BABYLON_SETTINGS_URL (or --settings) is reachable from here, and try again",
  write_unknown: "check settings history before you try again: the change may have been applied",
  corrupt: "the record was written by another program: use another location with --settings or BABYLON_SETTINGS_URL",
  schema_too_new: "update @babylon/llm: a newer version wrote these settings",
};

const TUNING_FIXES: Readonly<Record<string, string>> = {
  start_unknown:
    "look at W&B: tune watch <job> --started <id at W&B> if it runs there, else tune watch <job> --not-started",
  not_better: "tune evaluate, or --force <reason>",
  not_servable:
    "wait until the model is served, and check that its base model is in the catalogue: babylon-llm models wandb",
  unavailable: "tune watch goes on from there",
};

/** Message, fix and exit code of an error. Pure. */
export function describeError(thrown: unknown, providers: readonly Provider[]): DescribedError {
  if (thrown instanceof UsageError) return { code: "usage", message: thrown.message, fix: null, exit: EXIT.usage };
  if (isLLMError(thrown)) {
    const { code, message } = thrown;
    if (code === "aborted") return { code, message: "stopped", fix: null, exit: EXIT.stopped };
    const exit = code === "invalid_input" ? EXIT.usage : EXIT.failed;
    return { code, message, fix: fixFor(thrown, providers), exit };
  }
  if (isSettingsFailure(thrown)) {
    const { code } = thrown;
    // The store's option `url` is the flag `--settings` here.
    const message = thrown.message.replace(/^url: /, "--settings: ");
    const fix = message.startsWith("version: ") ? "settings history lists the versions" : SETTINGS_FIXES[code];
    return { code, message, fix: fix ?? null, exit: code === "invalid" ? EXIT.usage : EXIT.settings };
  }
  if (thrown instanceof Error && thrown.name === "TuningError" && "code" in thrown) {
    const code = String(thrown.code);
    return { code, message: thrown.message, fix: TUNING_FIXES[code] ?? null, exit: EXIT.failed };
  }
  if (thrown instanceof Error && thrown.name === "StorageError" && "code" in thrown) {
    const code = String(thrown.code);
    const exit = code === "invalid" ? EXIT.usage : EXIT.failed;
    return { code, message: thrown.message, fix: storageFix(thrown.message), exit };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "unexpected", message, fix: null, exit: EXIT.failed };
}

/** The options and variables of the stores other than that of the settings, whose errors have a class of their own. */
const STORE_OPTIONS = [
  { of: /EXPERIMENTS|--experiments/, fix: "check --experiments, or BABYLON_EXPERIMENTS_URL" },
  { of: /RECORDS|--records/, fix: "check --records, or BABYLON_RECORDS_URL" },
  { of: /STATE|--state/, fix: "check --state, or BABYLON_STATE_URL" },
];

function storageFix(message: string): string {
  const found = STORE_OPTIONS.find(({ of }) => of.test(message));
  return found?.fix ?? "check --records or BABYLON_RECORDS_URL; of budgets, --state or BABYLON_STATE_URL";
}

/** Like `isSettingsError` of the store, without loading the store for a command that failed before it needed it. */
function isSettingsFailure(thrown: unknown): thrown is Error & { readonly code: SettingsErrorCode } {
  return thrown instanceof Error && thrown.name === "SettingsError" && "code" in thrown;
}
