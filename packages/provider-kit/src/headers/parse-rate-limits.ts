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

/** `x-ratelimit-limit-requests`: OpenAI and compatible vendors. Groq counts requests per day and tokens per minute. */
const openaiStyle = (kind: Kind): BudgetHeaders => ({
  kind,
  limit: `x-ratelimit-limit-${kind}`,
  remaining: `x-ratelimit-remaining-${kind}`,
  reset: `x-ratelimit-reset-${kind}`,
});

/** `anthropic-ratelimit-requests-limit`; resets are dates (RFC 3339). */
const anthropicStyle = (kind: Kind): BudgetHeaders => ({
  kind,
  limit: `anthropic-ratelimit-${kind}-limit`,
  remaining: `anthropic-ratelimit-${kind}-remaining`,
  reset: `anthropic-ratelimit-${kind}-reset`,
});

/** `ratelimit-limit` of proxies and gateways (IETF draft), also with `x-`: counts requests per an unstated period. */
const bareStyle = (prefix: string): BudgetHeaders => ({
  kind: "requests",
  limit: `${prefix}ratelimit-limit`,
  remaining: `${prefix}ratelimit-remaining`,
  reset: `${prefix}ratelimit-reset`,
});

const BUDGETS: readonly BudgetHeaders[] = [
  openaiStyle("requests"),
  openaiStyle("tokens"),
  anthropicStyle("requests"),
  anthropicStyle("tokens"),
  anthropicStyle("input-tokens"),
  anthropicStyle("output-tokens"),
];

/** Read only if no specific budget was found. */
const BARE: readonly BudgetHeaders[] = [bareStyle(""), bareStyle("x-")];

const NONE: readonly RateLimitBudget[] = Object.freeze([]);

function count(value: string | null): number | null {
  if (value === null || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

/** Reads the rate-limit budgets from a reply's headers; empty if there are none. */
export function parseRateLimits(headers: ResponseHeaders, nowMs: number): readonly RateLimitBudget[] {
  let found: RateLimitBudget[] | null = null;
  for (const names of [...BUDGETS, ...BARE]) {
    if (found !== null && BARE.includes(names)) break;
    const limit = count(headers.get(names.limit));
    const remaining = count(headers.get(names.remaining));
    const resetMs = parseReset(headers.get(names.reset), headers, nowMs);
    if (limit === null && remaining === null && resetMs === null) continue;
    found ??= [];
    found.push({ kind: names.kind, limit, remaining, resetMs });
  }
  return found ?? NONE;
}
