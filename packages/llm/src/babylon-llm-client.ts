import {
  createLLMClient,
  type Env,
  invalidInput,
  isLLMError,
  type LLMClient,
  LLMError,
  type Logger,
  type Plan,
  type Provider,
  type SettingsSource,
} from "@babylon/llm-core";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";
import { type ClientStats, type ClientTotals, createClientStats } from "./client-stats.ts";
import { defaultSettings } from "./default-settings.ts";

/** What a {@link BabylonLLMClient} may be given beside the arguments of the older class. */
export interface BabylonLLMClientOptions {
  /** Default: the process environment. */
  readonly env?: Env | undefined;
  /** Default: the default store, opened at the first call. */
  readonly settings?: SettingsSource | undefined;
  readonly logger?: Logger | undefined;
}

const IDS = ["wandb", "groq", "claude", "openai"];

/** The text that callers of the older class know. */
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
 * The client under the name and with the methods that older callers know. Unlike its predecessor it falls back when a provider
 * fails, follows the settings of the moment, and pins the provider that is forced.
 */
export class BabylonLLMClient {
  readonly #llm: LLMClient;
  readonly #stats: ClientStats;
  readonly #pin: string | undefined;
  readonly #models: Readonly<Record<string, string>> | undefined;

  /**
   * @param apiKey - key for OpenAI; default `OPENAI_API_KEY`
   * @param wandbModelOverride - model for W&B in every call of this client
   * @param forceProvider - this provider or an error
   * @throws LLMError `invalid_input` for a provider that does not exist; a missing key is told at the first call
   */
  constructor(apiKey?: string, wandbModelOverride?: string, forceProvider?: string, options: BabylonLLMClientOptions = {}) {
    if (forceProvider !== undefined && !IDS.includes(forceProvider)) {
      throw invalidInput("forceProvider", `one of ${IDS.join(", ")}`);
    }
    const { env, logger } = options;
    const providers: Provider[] = [wandb(), groq(), claude(), openai({ apiKey: apiKey === "" ? undefined : apiKey })];
    this.#stats = createClientStats();
    this.#pin = forceProvider;
    this.#models = wandbModelOverride === undefined || wandbModelOverride === "" ? undefined : { wandb: wandbModelOverride };
    this.#llm = createLLMClient({
      providers,
      env,
      logger,
      settings: options.settings ?? defaultSettings,
      recorders: [(record) => this.#stats.add(record)],
    });
  }

  /** The provider that would serve the next call, with the settings at hand; `null` when none can. */
  getProvider(): string | null {
    return this.#plan().links[0]?.provider ?? null;
  }

  /** The model that W&B would serve the next call with; `undefined` when another provider would. */
  getWandbModel(): string | undefined {
    const [link] = this.#plan().links;
    return link?.provider === "wandb" ? link.model : undefined;
  }

  /** Who would serve the next call, and sums over all calls so far. */
  getStats(): ClientTotals & { readonly provider: string | null; readonly model: string | null } {
    const [link] = this.#plan().links;
    return { provider: link?.provider ?? null, model: link?.model ?? null, ...this.#stats.totals() };
  }

  /** Waits for calls in flight. */
  close(): Promise<void> {
    return this.#llm.close();
  }

  #plan(): Plan {
    return this.#llm.peekPlan({ provider: this.#pin, models: this.#models });
  }
}

/** Says what callers of the older class expect to read when there is no key at all. */
function withOlderWords(thrown: unknown): unknown {
  if (!isLLMError(thrown, "no_provider")) return thrown;
  const keyless = thrown.skipped.every(({ reason }) => reason.startsWith("no key") || reason.startsWith("the call is pinned"));
  if (!keyless) return thrown;
  const { skipped } = thrown;
  return new LLMError({ code: "no_provider", message: NO_KEY, callId: thrown.callId, details: { skipped } });
}
