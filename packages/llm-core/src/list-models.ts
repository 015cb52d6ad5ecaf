import { abortSignal } from "./check/check-call-options.ts";
import { number, object } from "./check/checks.ts";
import { LONGEST_TIMER_MS } from "./contract/clock.ts";
import type { ModelInfo, Provider } from "./contract/provider.ts";
import { invalidInput, isLLMError, LLMError } from "./errors/llm-error.ts";
import type { Engine } from "./run/engine.ts";
import { unwatchSignal, watchSignal } from "./run/watch-signal.ts";

const DEFAULT_TIMEOUT_MS = 10_000;

/** Options of `listModels()`. */
export interface ListModelsOptions {
  readonly abortSignal?: AbortSignal | undefined;
  /** Default 10 s. */
  readonly timeoutMs?: number | undefined;
}

const check = object({ abortSignal, timeoutMs: number({ min: 0 }) });

/** The provider of an id. Throws `invalid_input` when there is none. */
export function requireProvider(providers: ReadonlyMap<string, Provider>, id: string): Provider {
  const provider = providers.get(id);
  if (provider === undefined)
    throw invalidInput("provider", `a provider of this client (${[...providers.keys()].join(", ")})`);
  return provider;
}

/** Asks one provider which models it serves: one request, no retry. It is not a call: it has no id, no attempts and no record. */
export async function listModels(
  { env, clock, config }: Pick<Engine, "env" | "clock" | "config">,
  provider: Provider,
  options: ListModelsOptions,
): Promise<ModelInfo[]> {
  check(options, "");
  if (provider.listModels === undefined) {
    throw new LLMError({
      code: "unsupported",
      message: `${provider.name} has no list of models`,
      provider: provider.id,
    });
  }
  if (!provider.isConfigured(env)) {
    const reason = provider.envKey === null ? "not configured" : `no key: set ${provider.envKey}`;
    throw new LLMError({
      code: "no_provider",
      message: `${provider.name}: ${reason}`,
      provider: provider.id,
      details: { skipped: [{ provider: provider.id, reason }] },
    });
  }
  const [problem] = provider.configProblems?.(env, null) ?? [];
  if (problem !== undefined) throw invalidInput(problem.path, problem.expected);

  const { abortSignal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const stopped = Promise.withResolvers<never>();
  const stop = (error: LLMError): void => {
    stopped.reject(error);
    controller.abort(error);
  };
  const onAbort = (): void =>
    stop(new LLMError({ code: "aborted", message: "the caller aborted the request", cause: abortSignal?.reason }));
  const timer = clock.setTimeout(
    () => stop(new LLMError({ code: "deadline", message: `no list of models within ${timeoutMs} ms` })),
    Math.min(timeoutMs, LONGEST_TIMER_MS),
  );
  try {
    if (abortSignal !== undefined) watchSignal(abortSignal, onAbort);
    const { maxResponseBytes } = config;
    const asked = signal.aborted
      ? stopped.promise
      : provider.listModels({ env, clock, credentials: null, signal, maxResponseBytes });
    return await Promise.race([asked, stopped.promise]);
  } catch (thrown) {
    if (isLLMError(thrown)) throw thrown.with({ provider: provider.id });
    const message = "the list of models could not be read";
    throw new LLMError({ code: "invalid_response", message, cause: thrown, provider: provider.id });
  } finally {
    clock.clearTimeout(timer);
    if (abortSignal !== undefined) unwatchSignal(abortSignal, onAbort);
  }
}
