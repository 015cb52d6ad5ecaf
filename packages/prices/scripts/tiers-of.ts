import type { PriceRow, Ratio } from "../src/table/price-row.ts";

type Tiers = Pick<PriceRow, "tiers" | "regional">;

const HALF: Ratio = [1, 2];
const TWICE: Ratio = [2, 1];
const TENTH_MORE: Ratio = [11, 10];

/** `inference_geo` exists since Opus 4.6 (platform.claude.com/docs, data residency, read on 2026-11-30). */
const CLAUDE_WITH_REGION = /^claude-(?:opus-4-[678]|sonnet-4-6|(?:opus|sonnet|haiku|fable|mythos)-5)/;
/** Fast mode at twice the price: Opus 4.8 and 5.5 (models.dev), 5 (OpenRouter), read on 2026-11-30. */
const CLAUDE_WITH_FAST = /^claude-opus-(?:4-8|5|5-5)$/;

/**
 * Priority processing, called Fast mode since 2026-07-30: openai.com/api-priority-processing and /api-fast-mode, and for GPT-6 and 6.1 models.dev and
 * litellm, read on 2026-11-30. It is not priced for long contexts.
 */
const OPENAI_PRIORITY: readonly (readonly [models: RegExp, factor: Ratio])[] = [
  [/^gpt-(?:6|6\.1)-(?:luna|sol|terra|astra)$/, TWICE],
  [/^gpt-5\.6-(?:luna|sol|terra)$/, TWICE],
  [/^gpt-5\.5$/, [5, 2]],
  [/^gpt-5\.4(?:-mini)?$/, TWICE],
  [/^gpt-5(?:\.[12])?(?:-codex)?$/, TWICE],
  [/^gpt-5-mini$/, [9, 5]],
  [/^gpt-4\.1$/, [7, 4]],
];

/** Models since 2026-03-05 cost 10 % more on regional endpoints (developers.openai.com, data residency, read on 2026-11-30). */
const OPENAI_WITH_REGION = /^gpt-(?:5\.[4-9]|6)/;
const OPENAI_REGIONS = ["us", "eu", "au", "ca", "jp", "in", "sg", "kr", "gb", "ae"] as const;

/** The factors of a row, by vendor. Groq and W&B have one price everywhere: Groq names the region of each answer. */
export function tiersOf(provider: string, model: string, above: number): Tiers {
  const base = model.replace(/-\d{4}-\d{2}-\d{2}$/, "");
  switch (provider) {
    case "claude":
      return {
        tiers: {
          batch: HALF,
          ...(CLAUDE_WITH_REGION.test(base) ? { us: TENTH_MORE } : {}),
          ...(CLAUDE_WITH_FAST.test(base) ? { fast: TWICE } : {}),
        },
        regional: true,
      };
    case "openai": {
      const [, priority] = OPENAI_PRIORITY.find(([models]) => models.test(base)) ?? [];
      const regional = OPENAI_WITH_REGION.test(base);
      const regions = regional ? OPENAI_REGIONS.map((region): [string, Ratio] => [region, TENTH_MORE]) : [];
      return {
        tiers: {
          batch: HALF,
          flex: HALF,
          ...(priority === undefined || above > 0 ? {} : { priority, fast: priority }),
          ...Object.fromEntries(regions),
        },
        regional,
      };
    }
    case "groq":
      // Flex costs the normal price (console.groq.com/docs/flex-processing).
      return { tiers: { batch: HALF, flex: [1, 1] }, regional: false };
    default:
      return { tiers: {}, regional: false };
  }
}
