import { type SourcePrice, toPico } from "./source-price.ts";

/** Dollars per million tokens: input, output, cache read, cache write, long cache write. `null`: not known. */
type Prices = readonly [
  input: number,
  output: number,
  cacheRead: number | null,
  cacheWrite: number | null,
  longCacheWrite: number | null,
];

interface Period {
  readonly from?: string;
  readonly until?: string;
  readonly usd: Prices;
  /** For requests with more input tokens. */
  readonly long?: { readonly above: number; readonly usd: Prices };
}

interface CheckedModel {
  readonly provider: string;
  readonly model: string;
  readonly periods: readonly Period[];
  readonly usdPer1000Searches?: number;
  readonly source: string;
  readonly checked: string;
}

const CLAUDE = "platform.claude.com/docs, pricing, as quoted by claudit 1.9.2 (2026-10-24) and PromptFuel 1.0.23";
const OPENAI = "developers.openai.com, model page, as quoted by Codex-Manager 0.4.7 (2026-09-30) and litellm";
const GROQ = "groq.com/pricing, as quoted by models.dev (2026-08-29)";
const WANDB = "coreweave/serverless-inference-openclaw-plugin, openclaw.plugin.json @3a4afbe";

const READ = "2026-11-29";
const READ_LATER = "2026-11-30";

/** The catalogue that the W&B adapter lists is of this day. */
const WANDB_FROM = "2026-10-07";

const wandb = (model: string, input: number, output: number, cacheRead: number): CheckedModel => ({
  provider: "wandb",
  model,
  periods: [{ from: WANDB_FROM, usd: [input, output, cacheRead, null, null] }],
  source: WANDB,
  checked: READ_LATER,
});

const groq = (model: string, usd: Prices, earlier: Prices | null, source = GROQ): CheckedModel => ({
  provider: "groq",
  model,
  periods: [...(earlier === null ? [] : [{ until: "2026-08-29", usd: earlier }]), { from: "2026-08-29", usd }],
  source,
  checked: READ,
});

/**
 * Prices that a maintainer checked. They replace everything that the sources say about a model, so each line is also the answer to sources that
 * disagree. Raise `checked` when you compare a line with the vendor's page.
 */
const MODELS: readonly CheckedModel[] = [
  {
    provider: "claude",
    model: "claude-sonnet-5-5",
    periods: [
      { from: "2026-09-28", until: "2026-10-07", usd: [2, 10, 0.2, 2.5, 4] },
      { from: "2026-10-07", usd: [2, 10, 0.1, 2.5, 4] },
    ],
    usdPer1000Searches: 10,
    source: CLAUDE,
    checked: READ,
  },
  {
    provider: "claude",
    model: "claude-haiku-5-5",
    periods: [
      {
        from: "2026-10-07",
        usd: [0.1, 0.5, 0.01, 0.125, 0.2],
        long: { above: 100_000, usd: [0.5, 2.5, 0.05, 0.625, 1] },
      },
    ],
    usdPer1000Searches: 10,
    source: CLAUDE,
    checked: READ,
  },
  {
    provider: "openai",
    model: "gpt-6.1-sol",
    periods: [
      {
        from: "2026-09-29",
        usd: [2, 10, 0.1, 2.5, null],
        long: { above: 272_000, usd: [4, 15, 0.2, 5, null] },
      },
    ],
    usdPer1000Searches: 10,
    source: OPENAI,
    checked: READ,
  },
  {
    provider: "openai",
    model: "gpt-6.1-terra",
    periods: [
      {
        from: "2026-10-26",
        usd: [1, 5, 0.05, 1.25, 2.5],
        long: { above: 272_000, usd: [2, 7.5, 0.1, 2.5, 5] },
      },
    ],
    usdPer1000Searches: 10,
    source: "developers.openai.com/api/docs/models/gpt-6.1-terra",
    checked: READ_LATER,
  },
  groq("openai/gpt-oss-120b", [0.15, 0.6, 0.075, null, null], [0.15, 0.6, 0.075, null, null]),
  groq("openai/gpt-oss-20b", [0.075, 0.3, 0.0375, null, null], [0.075, 0.3, 0.0375, null, null]),
  // Cached tokens cost half; models.dev rounds to .037. genai-prices has the price of gpt-oss-120b.
  groq("openai/gpt-oss-safeguard-20b", [0.075, 0.3, 0.0375, null, null], null),
  groq("qwen/qwen3.8-27b", [0.8, 4, 0.4, null, null], null),
  groq(
    "qwen/qwen3.6-27b",
    [0.6, 3, null, null, null],
    null,
    "console.groq.com/docs/models, as quoted by braintrustdata/braintrust-proxy#1073",
  ),
  wandb("meta-llama/Llama-3.3-70B-Instruct", 0.71, 0.71, 0.71),
  wandb("meta-llama/Llama-3.1-8B-Instruct", 0.22, 0.22, 0.22),
  wandb("openai/gpt-oss-120b", 0.03, 0.17, 0.03),
  wandb("openai/gpt-oss-20b", 0.03, 0.13, 0.03),
  wandb("deepseek-ai/DeepSeek-V4-Pro-0813", 1.31, 3.96, 0.044),
  wandb("deepseek-ai/DeepSeek-V4-Flash-0731", 0.13, 0.28, 0.07),
  wandb("deepseek-ai/DeepSeek-V4.1-Flash", 0.2, 0.65, 0.03),
  wandb("deepseek-ai/DeepSeek-V3.1", 0.55, 1.65, 0.55),
  wandb("Qwen/Qwen3.8-27B", 0.4, 3, 0.15),
  wandb("Qwen/Qwen3.6-35B-A3B", 0.25, 1.25, 0.25),
  wandb("google/gemma-4-31B-it", 0.1, 0.34, 0.1),
  wandb("google/gemma-4-26B-A4B-it", 0.1, 0.3, 0.05),
  wandb("moonshotai/Kimi-K2.6", 0.65, 3.41, 0.15),
  wandb("moonshotai/Kimi-K2.7-Code", 0.71, 3.5, 0.15),
  wandb("MiniMaxAI/MiniMax-M3", 0.23, 0.96, 0.05),
  wandb("zai-org/GLM-5.3-Flash", 0.15, 0.5, 0.05),
  wandb("zai-org/GLM-5.2", 0.76, 2.42, 0.14),
  wandb("ibm-granite/granite-4.2-8b", 0.1, 0.15, 0.05),
  wandb("nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B", 0.5, 2.15, 0.1),
  wandb("nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B", 0.07, 0.2, 0.04),
];

const optional = (usd: number | null): number | null => (usd === null ? null : toPico(usd));

/** The prices that a maintainer checked. */
export const OVERLAY: readonly SourcePrice[] = MODELS.flatMap(
  ({ provider, model, periods, usdPer1000Searches, source, checked }) =>
    periods.flatMap(({ from = null, until = null, usd, long }) =>
      [{ above: 0, usd }, ...(long === undefined ? [] : [long])].map((band): SourcePrice => {
        const [input, output, cacheRead, cacheWrite, longCacheWrite] = band.usd;
        return {
          provider,
          model,
          from,
          until,
          above: band.above,
          pico: {
            input: toPico(input),
            output: toPico(output),
            cacheRead: optional(cacheRead),
            cacheWrite: optional(cacheWrite),
            longCacheWrite: optional(longCacheWrite),
          },
          webSearchesPer1000: usdPer1000Searches === undefined ? null : usdPer1000Searches * 1e12,
          source,
          checked,
        };
      }),
    ),
);
