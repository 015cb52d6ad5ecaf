import {
  type ConfigProblem,
  type Credentials,
  createKeyFingerprinter,
  type Env,
  fingerprintCredentials,
  invalidInput,
  LLMError,
  NO_CREDENTIAL,
  readEnv,
} from "@babylon/llm-core";
import { abortable } from "../http/abortable.ts";
import { withoutMessage } from "../http/without-message.ts";
import { checkApiKey, checkBaseURL } from "./check-endpoint.ts";
import { chooseKey, type KeySources } from "./choose-key.ts";

/** The sources of a provider's key and base URL. */
export interface EndpointOptions extends KeySources {
  readonly baseURL?: string | undefined;
  /** Allow `http://` for hosts other than localhost. Default false. */
  readonly allowInsecureHttp?: boolean | undefined;
  readonly envBaseURL: string | null;
  readonly defaultBaseURL: string;
  /** The endpoint works without a key. Default false. */
  readonly keyOptional?: boolean | undefined;
  /** Problems with further variables of the vendor. They apply to the operator's account only. */
  readonly problems?: ((env: Env) => readonly ConfigProblem[]) | undefined;
}

/** The key and base URL of one request. */
export interface ResolvedEndpoint {
  /** `null` only where the key is optional. */
  readonly apiKey: string | null;
  /** Without a trailing slash. */
  readonly baseURL: string;
}

/** Resolves key and base URL of a provider from a call's credentials, the factory's options or the environment, in this order. */
export interface Endpoint {
  /** Whether a key is available or not required. */
  isConfigured(env: Env): boolean;
  /** For `Provider.configProblems`. The last results are cached. */
  problems(env: Env, credentials: Credentials | null): readonly ConfigProblem[];
  /** For `Provider.credentialId`. Caches key and base URL for the attempts of the plan. Never rejects. */
  credentialId(env: Env, credentials: Credentials | null): string | Promise<string>;
  /**
   * @param signal - cancels the wait for an `apiKey` function
   * @param credentialId - the plan's id: its cached key and base URL are used, which have been checked
   * @returns a promise only if an `apiKey` function has to be called
   * @throws LLMError `invalid_input` for the first of `problems`, `auth` if there is no key or the `apiKey` function returned none; the
   *   signal's reason
   */
  resolve(
    env: Env,
    credentials: Credentials | null,
    signal?: AbortSignal,
    credentialId?: string,
  ): ResolvedEndpoint | Promise<ResolvedEndpoint>;
}

/** The cached result of a plan. `url` is the base URL before trimming. */
interface PlannedEndpoint extends ResolvedEndpoint {
  readonly url: string;
}

/** Size of the cache. An attempt whose entry was evicted resolves key and base URL again. */
const MAX_PLANNED = 64;

const NONE: readonly ConfigProblem[] = Object.freeze([]);

/**
 * Creates an {@link Endpoint}. The options are checked now, environment and credentials at each use.
 *
 * @throws LLMError `invalid_input` if `apiKey` or `baseURL` of the options is invalid
 */
export function createEndpoint(options: EndpointOptions): Endpoint {
  const { provider, envKey, envBaseURL, defaultBaseURL, keyOptional = false, allowInsecureHttp = false } = options;
  const fingerprint = createKeyFingerprinter();
  /** By credential id. */
  const planned = new Map<string, PlannedEndpoint>();
  const checkKey = memoizeLast((value, path) => checkApiKey(value, path));
  const checkURL = memoizeLast((value, path) => checkBaseURL(value, path, allowInsecureHttp));

  if (typeof options.apiKey === "string") refuse(checkApiKey(options.apiKey, `${provider}.apiKey`));
  if (options.baseURL !== undefined) refuse(checkBaseURL(options.baseURL, `${provider}.baseURL`, allowInsecureHttp));
  const fixedURL = options.baseURL === undefined ? undefined : trimSlashes(options.baseURL);

  const problems = (env: Env, credentials: Credentials | null): readonly ConfigProblem[] => {
    const key = chooseKey(options, env, credentials);
    const url = urlToCheck(env, credentials);
    const badKey = key.path === null || typeof key.value !== "string" ? null : checkKey(key.value, key.path);
    const badURL = url === null ? null : checkURL(url.value, url.path);
    const vendorProblems = credentials === null ? options.problems?.(env) : undefined;
    if (badKey === null && badURL === null) return vendorProblems ?? NONE;
    return [badKey, badURL, ...(vendorProblems ?? [])].filter((problem) => problem !== null);
  };

  /** The URL to check; `null` if it was checked with the options, or is the default. */
  function urlToCheck(env: Env, credentials: Credentials | null): { value: string; path: string } | null {
    if (credentials?.baseURL !== undefined) {
      return { value: credentials.baseURL, path: `credentials.${provider}.baseURL` };
    }
    if (fixedURL !== undefined) return null;
    const value = readEnv(env, envBaseURL);
    return value === undefined || envBaseURL === null ? null : { value, path: envBaseURL };
  }

  return {
    isConfigured: (env) => keyOptional || chooseKey(options, env, null).value !== null,
    problems,
    credentialId(env, credentials) {
      if (credentials !== null) return fingerprintCredentials(env, credentials);
      const { value } = chooseKey(options, env, null);
      if (typeof value !== "function") return cache(env, value);
      try {
        const result: unknown = value();
        if (!isThenable(result)) return cacheResult(env, result);
        return Promise.resolve(result).then(
          (key) => cacheResult(env, key),
          () => NO_CREDENTIAL,
        );
      } catch {
        // The attempt calls the function again and fails with its error.
        return NO_CREDENTIAL;
      }
    },
    resolve(env, credentials, signal, credentialId) {
      signal?.throwIfAborted();
      const cached = credentials === null && credentialId !== undefined ? planned.get(credentialId) : undefined;
      if (cached !== undefined) return cached;
      refuse(problems(env, credentials)[0] ?? null);
      const baseURL = trimSlashes(credentials?.baseURL ?? fixedURL ?? readEnv(env, envBaseURL) ?? defaultBaseURL);
      const { value } = chooseKey(options, env, credentials);
      if (typeof value === "function") {
        const pendingKey = callForKey(value);
        const key = signal === undefined ? pendingKey : abortable(pendingKey, signal);
        return key.then((apiKey) => ({ apiKey, baseURL }));
      }
      if (value === null && !keyOptional) throw noKey(`no key${envKey === null ? "" : `: set ${envKey}`}`);
      return { apiKey: value, baseURL };
    },
  };

  /** Caches key and base URL for the attempts of the plan if both are valid. Returns the credential id. */
  function cache(env: Env, apiKey: string | null): string {
    const id = fingerprint(env, apiKey);
    const url = fixedURL ?? readEnv(env, envBaseURL) ?? defaultBaseURL;
    const cached = planned.get(id);
    if (cached?.url === url && cached.apiKey === apiKey) return id;
    planned.delete(id);
    if ((apiKey === null && !keyOptional) || problems(env, null).length > 0) return id;
    planned.set(id, { apiKey, baseURL: trimSlashes(url), url });
    const [oldest] = planned.keys();
    if (planned.size > MAX_PLANNED && oldest !== undefined) planned.delete(oldest);
    return id;
  }

  function cacheResult(env: Env, key: unknown): string {
    const apiKey = typeof key === "string" ? key.trim() : "";
    return checkApiKey(apiKey, "") === null ? cache(env, apiKey) : NO_CREDENTIAL;
  }

  async function callForKey(apiKey: () => string | Promise<string>): Promise<string> {
    let key: unknown;
    try {
      key = await apiKey();
    } catch (cause) {
      // Its message may contain the key.
      throw noKey("the apiKey function failed", withoutMessage(cause));
    }
    // Keys that are read from a file often end with a line break.
    const trimmed = typeof key === "string" ? key.trim() : "";
    if (checkApiKey(trimmed, "") !== null) throw noKey("the apiKey function returned no usable key");
    return trimmed;
  }

  /** Not `invalid_input`, which would end the call although the next provider may have a key. */
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

/** Caches the last result: the values rarely change and are checked for every plan. */
function memoizeLast(check: Check): Check {
  let last: { value: string; path: string; problem: ConfigProblem | null } | null = null;
  return (value, path) => {
    if (last === null || last.value !== value || last.path !== path)
      last = { value, path, problem: check(value, path) };
    return last.problem;
  };
}
