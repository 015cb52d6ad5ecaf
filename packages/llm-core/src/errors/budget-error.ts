import type { GateRefusal } from "./error-details.ts";
import { escapeInvisible } from "./invisible-characters.ts";
import { LLMError } from "./llm-error.ts";
import { redact } from "./redact.ts";

function clean({ provider, model, why, retryAfterMs }: GateRefusal): GateRefusal {
  const isKnown = retryAfterMs !== null && Number.isFinite(retryAfterMs);
  return {
    provider,
    model,
    why: escapeInvisible(redact(why)),
    retryAfterMs: isKnown ? Math.max(0, retryAfterMs) : null,
  };
}

function describe({ provider, model, why, retryAfterMs }: GateRefusal): string {
  const wait = retryAfterMs === null ? "waiting does not help" : `again in ${Math.ceil(retryAfterMs / 1_000)} s`;
  return `${provider}/${model}: ${why} (${wait})`;
}

/**
 * The error of one link that gates refused, or of all links of a call. The message names the rule of each refusal and whether waiting
 * helps; `retryAfterMs` is the shortest wait of all.
 */
export function budgetError(gateRefusals: readonly GateRefusal[], callId: string | null): LLMError {
  const refusals = gateRefusals.map(clean);
  const [first, ...others] = refusals;
  const waits = refusals.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return new LLMError({
    code: "budget",
    message: `refused before the request: ${refusals.map(describe).join("; ")}`,
    provider: others.length === 0 ? (first?.provider ?? null) : null,
    model: others.length === 0 ? (first?.model ?? null) : null,
    retryAfterMs: waits.length === 0 ? null : Math.min(...waits),
    callId,
    details: { refusals },
  });
}
