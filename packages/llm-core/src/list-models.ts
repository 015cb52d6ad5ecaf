import { addWaiter, closeCall, openCall } from "./call/call.ts";
import type { Engine } from "./call/engine.ts";
import { until } from "./call/wait.ts";
import { abortSignal } from "./check/check-call-options.ts";
import { number, object } from "./check/checks.ts";
import { invalidInput, isLLMError, LLMError } from "./errors/llm-error.ts";
import type { ModelInfo, Provider } from "./provider.ts";

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

/** Asks one provider which models it serves; one request, no retry. */
export async function listModels(
  engine: Engine,
  provider: Provider,
  options: ListModelsOptions,
  callId: string,
): Promise<ModelInfo[]> {
  check(options, "");
  const { env, clock, config } = engine;
  const located = { provider: provider.id, callId };
  if (provider.listModels === undefined) {
    throw new LLMError({ code: "unsupported", message: `${provider.name} has no list of models`, ...located });
  }
  if (!provider.isConfigured(env)) {
    const reason = provider.envKey === null ? "not configured" : `no key: set ${provider.envKey}`;
    throw new LLMError({
      code: "no_provider",
      message: `${provider.name}: ${reason}`,
      ...located,
      details: { skipped: [{ provider: provider.id, reason }] },
    });
  }
  const [problem] = provider.configProblems?.(env, null) ?? [];
  if (problem !== undefined) throw invalidInput(problem.path, problem.expected, callId);

  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const limits = { firstTokenMs: null, idleMs: null, attemptMs: null, totalMs: timeoutMs };
  const call = openCall({ abortSignal: options.abortSignal }, { clock, timeouts: limits, callId });
  const controller = new AbortController();
  addWaiter(call, (error) => controller.abort(error));
  try {
    const context = {
      env,
      clock,
      callId,
      credentials: null,
      limitMs: timeoutMs,
      maxResponseBytes: config.maxResponseBytes,
      signal: controller.signal,
      onResponse() {},
    };
    return await until(call, provider.listModels(context));
  } catch (thrown) {
    if (isLLMError(thrown)) throw thrown.with(located);
    throw new LLMError({
      code: "invalid_response",
      message: "the list of models could not be read",
      cause: thrown,
      ...located,
    });
  } finally {
    closeCall(call);
  }
}
