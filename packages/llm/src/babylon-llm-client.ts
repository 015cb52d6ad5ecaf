import {
  createLLMClient,
  type Env,
  invalidInput,
  isLLMError,
  type JsonValue,
  type LLMClient,
  LLMError,
  type Logger,
  type Plan,
  type Provider,
  systemClock,
} from "@babylon/llm-core";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";
import type { SettingsStore } from "@babylon/settings-store";
import { type ClientStats, type ClientTotals, createClientStats } from "./client-stats.ts";
import { type PricerOption, toPricer } from "./default-pricer.ts";
import { defaultSettings, defaultStore } from "./default-settings.ts";
import { fromRecordSchema, type RecordSchema } from "./record-schema.ts";

/** Options of {@link BabylonLLMClient} in addition to the arguments of the older class. */
export interface BabylonLLMClientOptions {
  /** Default: the process environment. */
  readonly env?: Env | undefined;
  /** Default: the default store, opened at the first call. */
  readonly settings?: SettingsStore | undefined;
  readonly logger?: Logger | undefined;
  /** Prices each attempt, for `getStats()`. Default: the vendors' price lists, loaded by the first call. `false`: no prices. */
  readonly pricer?: PricerOption;
}

/** Options of {@link BabylonLLMClient.generateJSON}. */
export interface GenerateJSONOptions {
  /** Used only by providers that list it; the others use their own model. Logs a warning if the active provider does not list it. */
  readonly model?: string | undefined;
  /** Default 0.7; dropped for models without support. */
  readonly temperature?: number | undefined;
  /** Default 16,000; lowered to the model's maximum. */
  readonly maxTokens?: number | undefined;
}

const IDS = ["wandb", "groq", "claude", "openai"];

/** The message of the older class; callers may match it. */
const NO_KEY = [
  "❌ No API key found!",
  "Set one of these environment variables (in priority order):",
  "  WANDB_API_KEY      (Weights & Biases inference)",
  "  GROQ_API_KEY       (fast inference)",
  "  ANTHROPIC_API_KEY  (Claude)",
  "  OPENAI_API_KEY     (fallback)",
  "Example: export WANDB_API_KEY=your_key_here",
].join("\n");

/**
 * The client with the name and the methods of the older class. Unlike its predecessor it falls back if a provider fails, uses the
 * current settings, and never falls back from a forced provider.
 */
export class BabylonLLMClient {
  readonly #llm: LLMClient;
  readonly #providers: readonly Provider[];
  readonly #store: SettingsStore | undefined;
  readonly #logger: Logger | undefined;
  readonly #stats: ClientStats;
  readonly #pin: string | undefined;
  readonly #models: Readonly<Record<string, string>> | undefined;

  /**
   * @param apiKey - key for OpenAI; default `OPENAI_API_KEY`
   * @param wandbModelOverride - model for W&B in every call of this client
   * @param forceProvider - use only this provider
   * @throws LLMError `invalid_input` for an unknown provider; a missing key fails the first call
   */
  constructor(
    apiKey?: string,
    wandbModelOverride?: string,
    forceProvider?: string,
    options: BabylonLLMClientOptions = {},
  ) {
    if (forceProvider !== undefined && !IDS.includes(forceProvider)) {
      throw invalidInput("forceProvider", `one of ${IDS.join(", ")}`);
    }
    const { env, logger } = options;
    const pricer = toPricer(options.pricer, { logger, now: () => systemClock.now() });
    const providers: Provider[] = [wandb(), groq(), claude(), openai({ apiKey: apiKey === "" ? undefined : apiKey })];
    this.#providers = providers;
    this.#store = options.settings;
    this.#logger = logger;
    this.#stats = createClientStats(pricer !== undefined);
    this.#pin = forceProvider;
    this.#models =
      wandbModelOverride === undefined || wandbModelOverride === "" ? undefined : { wandb: wandbModelOverride };
    this.#llm = createLLMClient({
      providers,
      env,
      logger,
      pricer,
      settings: options.settings ?? defaultSettings,
      recorders: [(record) => this.#stats.add(record)],
    });
  }

  /**
   * Generates a JSON object in one call.
   *
   * @param schema - required fields, and JSON Schemas of fields
   * @returns the object; `getStats()` has provider and model
   * @throws LLMError `no_provider` with the message of the older class if there is no key; else as `generateObject`
   */
  async generateJSON<T = Record<string, JsonValue>>(
    prompt: string,
    schema: RecordSchema = {},
    options: GenerateJSONOptions = {},
  ): Promise<T> {
    const { model, temperature = 0.7, maxTokens = 16_000 } = options;
    try {
      const { object } = await this.#llm.generateObject({
        prompt,
        schema: fromRecordSchema(schema),
        temperature,
        maxOutputTokens: maxTokens,
        provider: this.#pin,
        models: this.#modelsWith(model),
      });
      // The older signature: the caller asserts the types of the fields; only their presence is checked.
      return object as T;
    } catch (thrown) {
      throw withLegacyMessage(thrown);
    }
  }

  /**
   * Stores the model for W&B, for every process that shares the settings.
   *
   * @throws SettingsError as the store's `update`
   */
  async setWandbModel(model: string | null): Promise<void> {
    const store = this.#store ?? (await defaultStore());
    await store.update({ providers: { wandb: { model } } }, { actor: "BabylonLLMClient" });
  }

  /** The provider that would serve the next call, with the cached settings; `null` if the chain is empty. */
  getProvider(): string | null {
    return this.#plan().links[0]?.provider ?? null;
  }

  /** The W&B model of the next call; `undefined` if another provider would serve it. */
  getWandbModel(): string | undefined {
    const [link] = this.#plan().links;
    return link?.provider === "wandb" ? link.model : undefined;
  }

  /** Provider and model of the next call, and sums over all calls so far. */
  getStats(): ClientTotals & { readonly provider: string | null; readonly model: string | null } {
    const [link] = this.#plan().links;
    return { provider: link?.provider ?? null, model: link?.model ?? null, ...this.#stats.totals() };
  }

  /** Waits for calls in flight. */
  close(): Promise<void> {
    return this.#llm.close();
  }

  /** Sets a model only for providers that list it: another vendor would reject it as unknown. */
  #modelsWith(model: string | undefined): Readonly<Record<string, string>> | undefined {
    if (model === undefined) return this.#models;
    const listing = this.#providers.filter(({ models }) => models.some(({ id }) => id === model));
    const models = { ...this.#models, ...Object.fromEntries(listing.map(({ id }) => [id, model])) };
    const [next] = this.#llm.peekPlan({ provider: this.#pin, models }).links;
    if (listing.length === 0) {
      this.#logger?.warn("no provider lists the requested model: each uses its own", { model });
    } else if (next !== undefined && !listing.some(({ id }) => id === next.provider)) {
      const { provider, model: own } = next;
      this.#logger?.warn(`${provider} does not list the requested model: it uses its own`, { model, own });
    }
    return models;
  }

  #plan(): Plan {
    return this.#llm.peekPlan({ provider: this.#pin, models: this.#models });
  }
}

/** Replaces the message of a `no_provider` error by that of the older class if no provider has a key. */
function withLegacyMessage(thrown: unknown): unknown {
  if (!isLLMError(thrown, "no_provider")) return thrown;
  const keyless = thrown.skipped.every(
    ({ reason }) => reason.startsWith("no key") || reason.startsWith("the call is pinned"),
  );
  if (!keyless) return thrown;
  const { skipped } = thrown;
  return new LLMError({ code: "no_provider", message: NO_KEY, callId: thrown.callId, details: { skipped } });
}
