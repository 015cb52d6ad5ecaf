import { abortSignal } from "./check/check-call-options.ts";
import { number, objectOf } from "./check/checks.ts";
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

const checkOptions = objectOf({ abortSignal, timeoutMs: number({ min: 0 }) });

/** The provider with an id. Throws `invalid_input` if there is none. */
export function requireProvider(providers: ReadonlyMap<string, Provider>, id: string): Provider {
  const provider = providers.get(id);
  if (provider === undefined)
    throw invalidInput("provider", `a provider of this client (${[...providers.keys()].join(", ")})`);
  return provider;
}

/** Requests the list of models of one provider: one request, no retry. Not a call: it has no id, no attempts and no record. */
export async function listModels(
  { env, clock, config }: Pick<Engine, "env" | "clock" | "config">,
  provider: Provider,
  options: ListModelsOptions,
): Promise<ModelInfo[]> {
  checkOptions(options, "");
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
  const interruption = Promise.withResolvers<never>();
  const interrupt = (error: LLMError): void => {
    interruption.reject(error);
    controller.abort(error);
  };
  const onAbort = (): void =>
    interrupt(new LLMError({ code: "aborted", message: "the caller aborted the request", cause: abortSignal?.reason }));
  const timer = clock.setTimeout(
    () => interrupt(new LLMError({ code: "deadline", message: `no list of models within ${timeoutMs} ms` })),
    Math.min(timeoutMs, LONGEST_TIMER_MS),
  );
  try {
    if (abortSignal !== undefined) watchSignal(abortSignal, onAbort);
    const { maxResponseBytes } = config;
    const models = signal.aborted
      ? interruption.promise
      : provider.listModels({ env, clock, credentials: null, signal, maxResponseBytes });
    return await Promise.race([models, interruption.promise]);
  } catch (thrown) {
    if (isLLMError(thrown)) throw thrown.with({ provider: provider.id });
    const message = "the list of models could not be read";
    throw new LLMError({ code: "invalid_response", message, cause: thrown, provider: provider.id });
  } finally {
    clock.clearTimeout(timer);
    if (abortSignal !== undefined) unwatchSignal(abortSignal, onAbort);
  }
}
