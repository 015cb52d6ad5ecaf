import type { RateLimitBudget } from "@babylon/llm-core";
import type { ResponseHeaders } from "../http/transport.ts";
import { parseReset } from "./parse-reset.ts";

type Kind = RateLimitBudget["kind"];

/** The header names of one budget. */
interface BudgetHeaders {
  readonly kind: Kind;
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
}

/** `x-ratelimit-limit-requests`: OpenAI and those who copy it. Groq counts requests by the day, tokens by the minute. */
const openaiStyle = (kind: Kind): BudgetHeaders => ({
  kind,
  limit: `x-ratelimit-limit-${kind}`,
  remaining: `x-ratelimit-remaining-${kind}`,
  reset: `x-ratelimit-reset-${kind}`,
});

/** `anthropic-ratelimit-requests-limit`; resets are moments (RFC 3339). */
const anthropicStyle = (kind: Kind): BudgetHeaders => ({
  kind,
  limit: `anthropic-ratelimit-${kind}-limit`,
  remaining: `anthropic-ratelimit-${kind}-remaining`,
  reset: `anthropic-ratelimit-${kind}-reset`,
});

const BUDGETS: readonly BudgetHeaders[] = [
  openaiStyle("requests"),
  openaiStyle("tokens"),
  anthropicStyle("requests"),
  anthropicStyle("tokens"),
  anthropicStyle("input-tokens"),
  anthropicStyle("output-tokens"),
];

const NONE: readonly RateLimitBudget[] = Object.freeze([]);

function count(value: string | null): number | null {
  if (value === null || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

/** The budgets that a reply's headers report, in both families of names; empty when there are none. */
export function parseRateLimits(headers: ResponseHeaders, nowMs: number): readonly RateLimitBudget[] {
  let found: RateLimitBudget[] | null = null;
  for (const names of BUDGETS) {
    const limit = count(headers.get(names.limit));
    const remaining = count(headers.get(names.remaining));
    const resetMs = parseReset(headers.get(names.reset), headers, nowMs);
    if (limit === null && remaining === null && resetMs === null) continue;
    found ??= [];
    found.push({ kind: names.kind, limit, remaining, resetMs });
  }
  return found ?? NONE;
}
