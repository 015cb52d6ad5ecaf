import {
  type ConfigProblem,
  type Credentials,
  createKeyNamer,
  type Env,
  invalidInput,
  LLMError,
  NO_CREDENTIAL,
  nameCredentials,
  readEnv,
} from "@babylon/llm-core";
import { abortable } from "../http/abortable.ts";
import { withoutMessage } from "../http/without-message.ts";
import { checkApiKey, checkBaseURL } from "./check-endpoint.ts";

/** A key, or where to get it. A function is called for each plan of a call, so a key can change while the service runs. */
export type ApiKey = string | (() => string | Promise<string>);

/** Where a provider finds its key and its base URL. */
export interface EndpointOptions {
  /** The provider's id; names the options in problems: `wandb.apiKey`. */
  readonly provider: string;
  readonly apiKey?: ApiKey | undefined;
  readonly baseURL?: string | undefined;
  /** Take `http://` for other machines than this one. Default false. */
  readonly allowInsecureHttp?: boolean | undefined;
  readonly envKey: string | null;
  readonly envBaseURL: string | null;
  readonly defaultBaseURL: string;
  /** The endpoint works without a key. Default false. */
  readonly keyOptional?: boolean | undefined;
  /** Mistakes in variables of the vendor's, beside key and base URL: of the operator's account alone. */
  readonly problems?: ((env: Env) => readonly ConfigProblem[]) | undefined;
}

/** Where one request goes and with which key. */
export interface ResolvedEndpoint {
  /** `null` only where the key is optional. */
  readonly apiKey: string | null;
  /** Without a slash at its end. */
  readonly baseURL: string;
}

/** Key and base URL of a provider, from a call's credentials, the factory's options or the environment, in this order. */
export interface Endpoint {
  /** Whether a key is at hand, or none is needed. */
  isConfigured(env: Env): boolean;
  /** For `Provider.configProblems`. The same answer for the same values costs nothing. */
  problems(env: Env, credentials: Credentials | null): readonly ConfigProblem[];
  /** For `Provider.credentialId`. Key and base URL are kept for the attempts of the plan. Never rejects. */
  credentialId(env: Env, credentials: Credentials | null): string | Promise<string>;
  /**
   * @param signal - ends the wait for an `apiKey` function
   * @param credentialId - of the plan: the key and base URL that it found are used, which have been checked
   * @returns at once, unless an `apiKey` function has to be asked
   * @throws LLMError `invalid_input` for what `problems` lists, `auth` when there is no key or an `apiKey` function gave none; the
   *   signal's reason
   */
  resolve(
    env: Env,
    credentials: Credentials | null,
    signal?: AbortSignal,
    credentialId?: string,
  ): ResolvedEndpoint | Promise<ResolvedEndpoint>;
}

/** What a plan found, and the base URL as it was written. */
interface PlannedEndpoint extends ResolvedEndpoint {
  readonly url: string;
}

/** How many are kept for attempts to come. An attempt whose entry is gone resolves key and base URL again. */
const PLANNED_KEPT = 64;

const NONE: readonly ConfigProblem[] = Object.freeze([]);

/**
 * Creates an {@link Endpoint}. The options are checked here, the environment and credentials at each use.
 *
 * @throws LLMError `invalid_input` when `apiKey` or `baseURL` of the options is wrong
 */
export function createEndpoint(options: EndpointOptions): Endpoint {
  const { provider, envKey, envBaseURL, defaultBaseURL, keyOptional = false, allowInsecureHttp = false } = options;
  const nameKey = createKeyNamer();
  /** By the id of the key. */
  const planned = new Map<string, PlannedEndpoint>();
  const checkKey = remember((value, path) => checkApiKey(value, path));
  const checkURL = remember((value, path) => checkBaseURL(value, path, allowInsecureHttp));

  if (typeof options.apiKey === "string") refuse(checkApiKey(options.apiKey, `${provider}.apiKey`));
  if (options.baseURL !== undefined) refuse(checkBaseURL(options.baseURL, `${provider}.baseURL`, allowInsecureHttp));
  const fixedURL = options.baseURL === undefined ? undefined : trimSlashes(options.baseURL);

  const problems = (env: Env, credentials: Credentials | null): readonly ConfigProblem[] => {
    const key = keyToCheck(env, credentials);
    const url = urlToCheck(env, credentials);
    const badKey = key === null ? null : checkKey(key.value, key.path);
    const badURL = url === null ? null : checkURL(url.value, url.path);
    const ofVendor = credentials === null ? options.problems?.(env) : undefined;
    if (badKey === null && badURL === null) return ofVendor ?? NONE;
    return [badKey, badURL, ...(ofVendor ?? [])].filter((problem) => problem !== null);
  };

  /** The key that would be used, unless the factory checked or cannot check it. */
  function keyToCheck(env: Env, credentials: Credentials | null): { value: string; path: string } | null {
    if (credentials !== null) return { value: credentials.apiKey, path: `credentials.${provider}.apiKey` };
    if (options.apiKey !== undefined) return null;
    const value = readEnv(env, envKey);
    return value === undefined || envKey === null ? null : { value, path: envKey };
  }

  function urlToCheck(env: Env, credentials: Credentials | null): { value: string; path: string } | null {
    if (credentials?.baseURL !== undefined) {
      return { value: credentials.baseURL, path: `credentials.${provider}.baseURL` };
    }
    if (fixedURL !== undefined) return null;
    const value = readEnv(env, envBaseURL);
    return value === undefined || envBaseURL === null ? null : { value, path: envBaseURL };
  }

  return {
    isConfigured: (env) => keyOptional || options.apiKey !== undefined || readEnv(env, envKey) !== undefined,
    problems,
    credentialId(env, credentials) {
      if (credentials !== null) return nameCredentials(env, credentials);
      if (typeof options.apiKey !== "function") return keep(env, options.apiKey ?? readEnv(env, envKey) ?? null);
      try {
        const given: unknown = options.apiKey();
        if (!isThenable(given)) return keepGiven(env, given);
        return Promise.resolve(given).then(
          (key) => keepGiven(env, key),
          () => NO_CREDENTIAL,
        );
      } catch {
        // The attempt asks again, and fails with the reason.
        return NO_CREDENTIAL;
      }
    },
    resolve(env, credentials, signal, credentialId) {
      signal?.throwIfAborted();
      const found = credentials === null && credentialId !== undefined ? planned.get(credentialId) : undefined;
      if (found !== undefined) return found;
      refuse(problems(env, credentials)[0] ?? null);
      const baseURL = trimSlashes(credentials?.baseURL ?? fixedURL ?? readEnv(env, envBaseURL) ?? defaultBaseURL);
      if (credentials !== null) return { apiKey: credentials.apiKey, baseURL };
      if (typeof options.apiKey === "function") {
        const asked = callForKey(options.apiKey);
        const key = signal === undefined ? asked : abortable(asked, signal);
        return key.then((apiKey) => ({ apiKey, baseURL }));
      }
      const apiKey = options.apiKey ?? readEnv(env, envKey) ?? null;
      if (apiKey === null && !keyOptional) throw noKey(`no key${envKey === null ? "" : `: set ${envKey}`}`);
      return { apiKey, baseURL };
    },
  };

  /** Keeps what attempts of the plan will use, if it can be right. Returns the key's id. */
  function keep(env: Env, apiKey: string | null): string {
    const id = nameKey(env, apiKey);
    const url = fixedURL ?? readEnv(env, envBaseURL) ?? defaultBaseURL;
    const known = planned.get(id);
    if (known?.url === url && known.apiKey === apiKey) return id;
    planned.delete(id);
    if ((apiKey === null && !keyOptional) || problems(env, null).length > 0) return id;
    planned.set(id, { apiKey, baseURL: trimSlashes(url), url });
    const [oldest] = planned.keys();
    if (planned.size > PLANNED_KEPT && oldest !== undefined) planned.delete(oldest);
    return id;
  }

  function keepGiven(env: Env, key: unknown): string {
    const apiKey = typeof key === "string" ? key.trim() : "";
    return checkApiKey(apiKey, "") === null ? keep(env, apiKey) : NO_CREDENTIAL;
  }

  async function callForKey(apiKey: () => string | Promise<string>): Promise<string> {
    let key: unknown;
    try {
      key = await apiKey();
    } catch (cause) {
      // Its message may name the key.
      throw noKey("the apiKey function failed", withoutMessage(cause));
    }
    // A key from a file often ends with a line break.
    const trimmed = typeof key === "string" ? key.trim() : "";
    if (checkApiKey(trimmed, "") !== null) throw noKey("the apiKey function gave no usable key");
    return trimmed;
  }

  /** Not `invalid_input`, which would end the call although the next provider has a key. */
  function noKey(message: string, cause?: unknown): LLMError {
    return new LLMError({ code: "auth", message: `${provider}: ${message}`, provider, cause });
  }
}

function refuse(problem: ConfigProblem | null): void {
  if (problem !== null) throw invalidInput(problem.path, problem.expected);
}

const isThenable = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";

const trimSlashes = (url: string): string => url.replace(/\/+$/, "");

type Check = (value: string, path: string) => ConfigProblem | null;

/** Keeps the last answer: the values change seldom, and are checked for every plan. */
function remember(check: Check): Check {
  let last: { value: string; path: string; answer: ConfigProblem | null } | null = null;
  return (value, path) => {
    if (last === null || last.value !== value || last.path !== path) last = { value, path, answer: check(value, path) };
    return last.answer;
  };
}
