import type { Clock, Env, Provider } from "@babylon/llm-core";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import type { FetchFunction } from "@babylon/provider-kit";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";
import { nodeTransport } from "@babylon/transport-node";
import { formatMilliseconds } from "../format-milliseconds.ts";
import type { Finding } from "./finding.ts";

/** Off by more than this, records are hard to bring together and waits until a moment are wrong. */
const TOLERABLE_MS = 5_000;

/** A `Date` header counts whole seconds. */
const RESOLUTION_MS = 1_000;

/** How far this clock is from the one of a server. Pure. */
export function judgeClock(offsetMs: number): Finding {
  const about = "clock";
  const off = Math.abs(offsetMs);
  if (off <= TOLERABLE_MS) return { about, verdict: "good", says: "agrees with the provider's", fix: null };
  return {
    about,
    verdict: "bad",
    says: `is ${formatMilliseconds(off)} ${offsetMs > 0 ? "ahead of" : "behind"} the provider's`,
    fix: "turn on time synchronisation on this machine (timedatectl set-ntp true, or its like)",
  };
}

/** What checking the clock takes. */
export interface ClockCheck {
  readonly env: Env;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly abortSignal: AbortSignal;
}

const FACTORIES = { wandb, groq, claude, openai } as const;

/**
 * Compares this machine's clock with the `Date` of a vendor's reply: the first with a key whose list of models can be asked for,
 * which costs nothing. Rejects only when it is stopped.
 */
export async function checkClock({ env, clock, timeoutMs, abortSignal }: ClockCheck): Promise<Finding> {
  let offsetMs: number | null = null;
  const signal = AbortSignal.any([abortSignal, AbortSignal.timeout(timeoutMs)]);
  // The way of every call, through the proxies of the environment too.
  const send = nodeTransport();
  const watching: FetchFunction = async (url, init) => {
    const before = clock.now();
    const headers = Object.fromEntries(new Headers(init.headers));
    const { status, headers: told, text } = await send({ method: "GET", url, headers, body: null, signal, env });
    const theirs = Date.parse(told.get("date") ?? "");
    // Theirs was read between the two, and cut to the second.
    if (Number.isFinite(theirs)) offsetMs = (before + clock.now()) / 2 - (theirs + RESOLUTION_MS / 2);
    return new Response(await text(), { status });
  };
  const [provider] = Object.values(FACTORIES)
    .map((create): Provider => create({ fetch: watching }))
    .filter((one) => one.isConfigured(env));
  if (provider?.listModels === undefined) {
    return { about: "clock", verdict: "skipped", says: "there is no key to ask a provider with", fix: null };
  }
  try {
    const context = { env, clock, callId: "doctor", credentials: null, limitMs: timeoutMs, signal, onResponse() {} };
    await provider.listModels(context);
  } catch {
    // A refusal has a date as well; whether the key is right is somebody else's check.
    abortSignal.throwIfAborted();
  }
  if (offsetMs !== null) return judgeClock(offsetMs);
  return { about: "clock", verdict: "skipped", says: `${provider.name} gave no time to compare with`, fix: null };
}
