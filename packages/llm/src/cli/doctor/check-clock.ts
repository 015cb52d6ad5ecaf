import type { Clock, Env, Provider } from "@babylon/llm-core";
import { formatDuration } from "@babylon/llm-core/status";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import type { FetchFunction } from "@babylon/provider-kit";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";
import { nodeTransport } from "@babylon/transport-node";
import type { Finding } from "./finding.ts";

/** The tolerated difference. With a larger one, records of several machines do not line up and waits until a time are wrong. */
const TOLERANCE_MS = 5_000;

/** A `Date` header counts whole seconds. */
const RESOLUTION_MS = 1_000;

/** Rates the difference between the local clock and that of a server. Pure. */
export function judgeClock(offsetMs: number): Finding {
  const about = "clock";
  const off = Math.abs(offsetMs);
  if (off <= TOLERANCE_MS) return { about, verdict: "good", message: "agrees with the provider's", fix: null };
  return {
    about,
    verdict: "bad",
    message: `is ${formatDuration(off)} ${offsetMs > 0 ? "ahead of" : "behind"} the provider's`,
    fix: "enable time synchronisation on this machine (for example timedatectl set-ntp true)",
  };
}

/** Inputs of {@link checkClock}. */
export interface ClockCheck {
  readonly env: Env;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly abortSignal: AbortSignal;
}

const FACTORIES = { wandb, groq, claude, openai } as const;

/**
 * Compares the local clock with the `Date` header of a list of models, which is free, from the first provider with a key. Rejects only
 * when aborted.
 */
export async function checkClock({ env, clock, timeoutMs, abortSignal }: ClockCheck): Promise<Finding> {
  let offsetMs: number | null = null;
  const signal = AbortSignal.any([abortSignal, AbortSignal.timeout(timeoutMs)]);
  // The transport of all calls, so that the proxies of the environment apply.
  const send = nodeTransport();
  const measuringFetch: FetchFunction = async (url, init) => {
    const sentAt = clock.now();
    const headers = Object.fromEntries(new Headers(init.headers));
    const reply = await send({ method: "GET", url, headers, body: null, signal, env });
    const serverTime = Date.parse(reply.headers.get("date") ?? "");
    // The server read its clock between request and reply, and truncated it to the second.
    if (Number.isFinite(serverTime)) offsetMs = (sentAt + clock.now()) / 2 - (serverTime + RESOLUTION_MS / 2);
    return new Response(await reply.text(), { status: reply.status });
  };
  const [provider] = Object.values(FACTORIES)
    .map((create): Provider => create({ fetch: measuringFetch }))
    .filter((one) => one.isConfigured(env));
  if (provider?.listModels === undefined) {
    return { about: "clock", verdict: "skipped", message: "no provider has a key", fix: null };
  }
  try {
    const context = { env, clock, callId: "doctor", credentials: null, limitMs: timeoutMs, signal, onResponse() {} };
    await provider.listModels(context);
  } catch {
    // An error reply has a date too. The key itself is checked by checkProvider.
    abortSignal.throwIfAborted();
  }
  if (offsetMs !== null) return judgeClock(offsetMs);
  return { about: "clock", verdict: "skipped", message: `${provider.name} sent no date to compare with`, fix: null };
}
