import {
  type AttemptContext,
  type Env,
  fromParts,
  LLMError,
  type ModelCapabilities,
  type ModelInfo,
  type ModelRequest,
  type ModelResponse,
  type Provider,
  type RetiredModel,
  type StreamPart,
} from "@babylon/llm-core";
import { type MockStep, partsOfStep } from "./mock-step.ts";

/** One call to a mock provider. */
export interface MockCall {
  /** Counts from 1 over the life of the provider. */
  readonly number: number;
  readonly transport: "stream" | "json";
  readonly request: ModelRequest;
  readonly context: AttemptContext;
  /** The call's clock at its start, `monotonic()`. */
  readonly startedMs: number;
}

/** Options of {@link mockProvider}. */
export interface MockProviderOptions {
  /** Default `mock`. */
  readonly id?: string | undefined;
  /** Default: the id. */
  readonly name?: string | undefined;
  /** The factory's model, which takes precedence over the variable. */
  readonly model?: string | undefined;
  /** Default `ID-model`. */
  readonly defaultModel?: string | undefined;
  readonly models?: readonly ModelInfo[] | undefined;
  readonly retired?: Readonly<Record<string, RetiredModel>> | undefined;
  /** Overrides the default capabilities: everything is supported, limits are unknown. */
  readonly capabilities?: Partial<ModelCapabilities> | ((model: string) => Partial<ModelCapabilities>) | undefined;
  /** Default true, independent of the environment. */
  readonly configured?: boolean | ((env: Env) => boolean) | undefined;
  /** Default `ID_API_KEY`. */
  readonly envKey?: string | null | undefined;
  /** Default `ID_MODEL`. */
  readonly envModel?: string | null | undefined;
  /** One step per call, the last one repeating; or a function of the call. Default: successful answers. */
  readonly steps?: readonly MockStep[] | ((call: MockCall) => MockStep) | undefined;
}

/** A scripted provider that records its calls. */
export interface MockProvider extends Provider {
  /** Every call so far, in order. */
  readonly calls: readonly MockCall[];
  /** Calls in flight. */
  readonly active: number;
}

const TAKES_EVERYTHING: ModelCapabilities = {
  images: true,
  files: true,
  tools: true,
  forcedToolChoice: true,
  schema: ["strict", "loose", "json-mode", "tool", "prompt"],
  schemaWithStreaming: true,
  schemaWithTools: true,
  sampling: true,
  seed: true,
  stopSequences: true,
  reasoningEffort: ["none", "minimal", "low", "medium", "high", "xhigh", "max"],
  silentReasoning: false,
  assistantPrefill: true,
  contextTokens: null,
  maxOutputTokens: null,
};

/**
 * Creates a provider without a network, for unit tests of the code above adapters: it answers from a script, waits on the call's clock, and
 * handles aborts as a real provider. To test an adapter, use the simulator.
 */
export function mockProvider(options: MockProviderOptions = {}): MockProvider {
  const { id = "mock", capabilities = {}, configured = true, models = [], steps = [{}] } = options;
  const variable = id.toUpperCase().replaceAll("-", "_");
  const calls: MockCall[] = [];
  let active = 0;

  const begin = (transport: MockCall["transport"], request: ModelRequest, context: AttemptContext) => {
    const startedMs = context.clock.monotonic();
    const call: MockCall = { number: calls.length + 1, transport, request, context, startedMs };
    calls.push(call);
    const step = typeof steps === "function" ? steps(call) : (steps[Math.min(call.number, steps.length) - 1] ?? {});
    const link = { provider: id, model: request.model };
    const parts = partsOfStep(step, request.model, `answer ${call.number} of ${id}`);
    context.report?.({ endpoint: `mock://${id}`, sent: step.sent ?? true });
    return {
      step,
      parts,
      link,
      wait: (ms: number) => waitOrAbort(ms, context, link),
      answer() {
        context.onResponse({ status: 200, requestId: `${id}-${call.number}`, rateLimits: step.rateLimits ?? [] });
        if (step.served !== undefined) context.report?.(step.served);
      },
    };
  };

  async function* run(request: ModelRequest, context: AttemptContext): AsyncGenerator<StreamPart, void, undefined> {
    const { step, parts, wait, answer } = begin("stream", request, context);
    active += 1;
    try {
      await wait(step.hang === true ? Number.POSITIVE_INFINITY : 0);
      const failAfter = step.error === undefined ? null : (step.failAfter ?? 0);
      if (failAfter !== 0) answer();
      for (let sent = 0; ; sent += 1) {
        const part = parts[sent];
        if (sent === step.stallAfter) await wait(Number.POSITIVE_INFINITY);
        else if (sent === 0) await wait(step.delayMs ?? 0);
        else if (sent === failAfter || isSignOfLife(part)) await wait(step.gapMs ?? 0);
        if (sent === failAfter) throw errorOf(step);
        if (part === undefined) return;
        yield part;
      }
    } finally {
      active -= 1;
    }
  }

  async function generate(request: ModelRequest, context: AttemptContext): Promise<ModelResponse> {
    const { step, parts, link, wait, answer } = begin("json", request, context);
    active += 1;
    try {
      const { delayMs = 0, gapMs = 0, hang = false, stallAfter } = step;
      const written = step.error === undefined ? parts.filter(isSignOfLife).length - 1 : (step.failAfter ?? 0);
      await wait(hang || stallAfter !== undefined ? Number.POSITIVE_INFINITY : delayMs + gapMs * Math.max(0, written));
      if (step.error !== undefined) throw errorOf(step);
      answer();
      const response = fromParts(parts);
      if (response !== null) return response;
      throw new LLMError({ code: "truncated", message: `${id}: the answer ended early`, status: 200, ...link });
    } finally {
      active -= 1;
    }
  }

  return {
    spec: 1,
    id,
    name: options.name ?? id,
    envKey: options.envKey === undefined ? `${variable}_API_KEY` : options.envKey,
    envModel: options.envModel === undefined ? `${variable}_MODEL` : options.envModel,
    envBaseURL: `${variable}_BASE_URL`,
    model: options.model ?? null,
    defaultModel: options.defaultModel ?? `${id}-model`,
    models,
    retired: options.retired ?? {},
    capabilities: (model) => ({
      ...TAKES_EVERYTHING,
      ...(typeof capabilities === "function" ? capabilities(model) : capabilities),
    }),
    isConfigured: (env) => (typeof configured === "function" ? configured(env) : configured),
    generate,
    stream: run,
    listModels: async () => [...models],
    calls,
    get active() {
      return active;
    },
  };
}

/** Whether a part is delayed: usage and finish parts follow the last content without a delay. */
const isSignOfLife = (part: StreamPart | undefined): boolean =>
  part !== undefined && part.type !== "usage" && part.type !== "finish";

function errorOf({ error }: MockStep): LLMError {
  if (error === undefined) throw new TypeError("a step without an error was asked for one");
  return typeof error === "function" ? error() : error;
}

/** Waits on the call's clock; infinity waits only for an abort. Rejects with `aborted` as soon as the signal aborts. */
function waitOrAbort(
  ms: number,
  { signal, clock }: AttemptContext,
  link: { readonly provider: string; readonly model: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): LLMError =>
      new LLMError({ code: "aborted", message: "the request was aborted", cause: signal.reason, ...link });
    if (signal.aborted) return reject(aborted());
    if (ms <= 0) return resolve();
    const onAbort = (): void => {
      clock.clearTimeout(timer);
      reject(aborted());
    };
    const onTime = (): void => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    };
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : clock.setTimeout(onTime, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
