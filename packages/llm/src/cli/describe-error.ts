import { isLLMError, type LLMError, type Provider } from "@babylon/llm-core";
import type { SettingsErrorCode } from "@babylon/settings-store";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { UsageError } from "./usage-error.ts";

/** An error as the tool tells it. */
export interface DescribedError {
  readonly code: string;
  readonly message: string;
  /** What to do about it; `null` when the message says it all. */
  readonly fix: string | null;
  readonly exit: ExitCode;
}

/** What to do about a call that failed, by code; `null`: nothing but to try again. Pure. */
export function fixFor(error: LLMError, providers: readonly Provider[]): string | null {
  const provider = providers.find(({ id }) => id === error.provider);
  const name = provider?.name ?? "the provider";
  const key = provider?.envKey ?? "its key";
  const where = provider?.keyURL == null ? "" : `; new ones are made at ${provider.keyURL}`;
  switch (error.code) {
    case "auth":
      return `check ${key}${where}`;
    case "permission":
      return `the key in ${key} may not do this: check what it is allowed to${where}`;
    case "quota":
      return `no credit, or a spending limit is reached: see the billing page of ${name}`;
    case "budget":
      return budgetFix(error.retryAfterMs);
    case "model_not_found":
      return `name another model: --model, ${provider?.envModel ?? "the variable"} or settings set providers.${error.provider ?? "<id>"}.model=...; babylon-llm models ${error.provider ?? ""} lists them`.trimEnd();
    case "rate_limit":
      return waitFix(error.retryAfterMs, name);
    case "network":
      return `check the connection${provider?.envBaseURL == null ? "" : `, ${provider.envBaseURL}`} and the proxy variables; babylon-llm doctor looks at them`;
    case "timeout":
      return `${name} gave no answer in time: try again, or give it longer with --timeout`;
    case "deadline":
      return "give it longer with --timeout";
    case "overloaded":
    case "server":
      return `${name} has trouble: try again later, or put another provider first with settings set order=...`;
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
    ? "change the rule that is named, or ask for less"
    : `wait ${Math.ceil(retryAfterMs / 1_000)} s, or change the rule that is named`;
}

function waitFix(retryAfterMs: number | null, name: string): string {
  return retryAfterMs === null
    ? `${name} limits this key: wait, or put another provider first with settings set order=...`
    : `${name} asks to wait ${Math.ceil(retryAfterMs / 1_000)} s`;
}

function noProviderFix(error: LLMError, providers: readonly Provider[]): string {
  const skipped = isLLMError(error, "no_provider") ? error.skipped : [];
  const keyless = skipped.filter(({ reason }) => reason.startsWith("no key"));
  if (keyless.length === 0) return "babylon-llm status tells why each provider is left out";
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
  conflict: "look at what is stored with settings get, and decide again",
  unavailable:
    "see that the server runs and the file can be written, or name other settings with --settings or BABYLON_SETTINGS_URL",
  timeout: "see that the server of BABYLON_SETTINGS_URL (or --settings) can be reached from here, and try again",
  write_unknown: "look at settings history before you try again: the change may be in",
  corrupt: "what is stored was written by something else: name another place with --settings or BABYLON_SETTINGS_URL",
  schema_too_new: "update @babylon/llm: a newer version wrote these settings",
};

/** Says what went wrong, what to do about it, and with which code to exit. Pure. */
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
    // The store calls what it was given as an option `url`; here it is a flag.
    const message = thrown.message.replace(/^url: /, "--settings: ");
    const fix = message.startsWith("version: ") ? "settings history lists the versions" : SETTINGS_FIXES[code];
    return { code, message, fix: fix ?? null, exit: code === "invalid" ? EXIT.usage : EXIT.settings };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "unexpected", message, fix: null, exit: EXIT.failed };
}

/** As the store's own `isSettingsError`, which would load the store for a command that failed before it needed it. */
function isSettingsFailure(thrown: unknown): thrown is Error & { readonly code: SettingsErrorCode } {
  return thrown instanceof Error && thrown.name === "SettingsError" && "code" in thrown;
}
