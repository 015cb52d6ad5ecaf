import { isRecord } from "@babylon/llm-core";
import { type SourcePrice, toPico } from "../source-price.ts";

/** The vendors in genai-prices. It has no W&B. */
export const GENAI_VENDORS: Readonly<Record<string, string>> = { anthropic: "claude", openai: "openai", groq: "groq" };

/** Models that do not answer with text, and other uses of text models at other prices. */
const OTHER_KINDS =
  /audio|realtime|tts|transcribe|image|embedding|moderation|whisper|speech|search-preview|computer-use|deep-research|ft[:-]|^ft|instruct:|davinci|babbage|llama-guard|prompt-guard/;

/** Retired years ago, or a name that is not the vendor's. */
const NOT_OFFERED =
  /^(?:ada|curie|text-)|^claude-(?:[12v]|3-(?:opus|sonnet|haiku))|^gpt-3|:extended$|-high$|llama-?[23](?:\.[12])?-|^gemma/;

/** OpenAI's ids have a point in the version; genai-prices also matches spellings without. */
const FOREIGN_SPELLING = /^gpt-\d-\d(?!\d)(?:-|$)|^claude-\d-\d-[a-z]+-4|^claude-(?:opus|sonnet|haiku|fable)-\d\.\d/;

/** The data name rows that it took from OpenRouter, which are not the vendor's prices. */
const COPIED = /OpenRouter/;

/**
 * genai-prices starts OpenAI's long-context prices at exactly 272,000 tokens for some models. OpenAI's page of the models says "more than 272K input
 * tokens" (developers.openai.com/api/docs/models/gpt-6.1-terra, read on 2026-11-30).
 */
const THRESHOLDS: ReadonlyMap<number, number> = new Map([[271_999, 272_000]]);

/** Reads the data of one vendor in `@pydantic/genai-prices` (MIT): an object with `models`. */
export function readGenaiPrices(vendor: unknown, provider: string, source: string): readonly SourcePrice[] {
  if (!isRecord(vendor) || !Array.isArray(vendor.models))
    throw new TypeError(`genai-prices: ${provider} has no models`);
  return vendor.models.flatMap((model: unknown) => readModel(model, provider, source));
}

function readModel(model: unknown, provider: string, source: string): readonly SourcePrice[] {
  if (!isRecord(model) || typeof model.id !== "string") return [];
  if (OTHER_KINDS.test(model.id) || NOT_OFFERED.test(model.id)) return [];
  if (typeof model.price_comments === "string" && COPIED.test(model.price_comments)) return [];
  const periods = readPeriods(model.prices);
  if (periods === null) return [];
  return idsOf(model.id, model.match).flatMap((id) =>
    periods.flatMap(({ from, until, prices }) =>
      readBands(prices).map(
        (band): SourcePrice => ({ provider, model: id, from, until, ...band, source, checked: null }),
      ),
    ),
  );
}

/** The id and the other exact ids that the model is matched by. Prefixes and expressions are left out: they match other models as well. */
function idsOf(id: string, match: unknown): readonly string[] {
  const found = new Set([id, id.replace(/-latest$/, "")]);
  const add = (rule: unknown): void => {
    if (!isRecord(rule)) return;
    if (typeof rule.equals === "string" && !OTHER_KINDS.test(rule.equals)) found.add(rule.equals);
    if (Array.isArray(rule.or)) rule.or.forEach(add);
  };
  add(match);
  // The date of a snapshot of Anthropic's is ignored at run time.
  return [...found].filter(
    (name) => !FOREIGN_SPELLING.test(name) && !/^claude.*-\d{8}$/.test(name) && !NOT_OFFERED.test(name),
  );
}

interface Period {
  readonly from: string | null;
  readonly until: string | null;
  readonly prices: Readonly<Record<string, unknown>>;
}

/** The periods of a model; `null` if they depend on more than the day. */
function readPeriods(prices: unknown): readonly Period[] | null {
  if (isRecord(prices)) return [{ from: null, until: null, prices }];
  if (!Array.isArray(prices)) return null;
  const dated: { from: string | null; prices: Readonly<Record<string, unknown>> }[] = [];
  for (const each of prices) {
    if (!isRecord(each) || !isRecord(each.prices)) return null;
    const { constraint } = each;
    if (constraint === undefined) dated.push({ from: null, prices: each.prices });
    else if (isRecord(constraint) && constraint.type === "start_date" && typeof constraint.start_date === "string") {
      dated.push({ from: constraint.start_date, prices: each.prices });
    } else return null;
  }
  const ordered = dated.toSorted((a, b) => (a.from ?? "").localeCompare(b.from ?? ""));
  return ordered.map((period, at) => ({ ...period, until: ordered[at + 1]?.from ?? null }));
}

type Band = Pick<SourcePrice, "above" | "pico" | "webSearchesPer1000">;

function readBands(prices: Readonly<Record<string, unknown>>): readonly Band[] {
  const thresholds = new Set([0]);
  for (const price of Object.values(prices)) {
    if (!isRecord(price) || !Array.isArray(price.tiers)) continue;
    for (const tier of price.tiers) if (isRecord(tier) && typeof tier.start === "number") thresholds.add(tier.start);
  }
  return [...thresholds].flatMap((start): Band[] => {
    const at = (name: string): number | null => priceAt(prices[name], start);
    const input = at("input_mtok");
    const output = at("output_mtok");
    if (input === null || output === null) return [];
    const searches = at("web_searches_kcount");
    return [
      {
        above: THRESHOLDS.get(start) ?? start,
        pico: {
          input,
          output,
          cacheRead: at("cache_read_mtok"),
          cacheWrite: at("cache_write_mtok"),
          longCacheWrite: at("cache_write_1h_mtok"),
        },
        webSearchesPer1000: searches === null ? null : searches * 1e6,
      },
    ];
  });
}

/** A price is a number, or a base with tiers that start above a number of tokens. */
function priceAt(price: unknown, start: number): number | null {
  if (typeof price === "number") return toPico(price);
  if (!isRecord(price) || typeof price.base !== "number") return null;
  let usd = price.base;
  let highest = 0;
  for (const tier of Array.isArray(price.tiers) ? price.tiers : []) {
    if (!isRecord(tier) || typeof tier.start !== "number" || typeof tier.price !== "number") continue;
    if (tier.start <= start && tier.start >= highest) {
      highest = tier.start;
      usd = tier.price;
    }
  }
  return toPico(usd);
}
