import { createHmac } from "node:crypto";
import type { Clock } from "@babylon/llm-core";
import { pause, withDeadline } from "@babylon/storage/time";

/** Where notices go. */
export interface NoticeTarget {
  readonly url: URL;
  readonly secret: string;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** Ends attempts to send. */
  readonly abortSignal: AbortSignal;
}

/** Delays before each further try. */
const RETRY_AFTER_MS: readonly number[] = [1_000, 5_000, 15_000];

const SEND_LIMIT_MS = 5_000;

/** The signature of a body: a receiver computes the same, and refuses old times. */
export function signNotice(secret: string, epochSeconds: number, body: string): string {
  return `t=${epochSeconds},v1=${createHmac("sha256", secret).update(`${epochSeconds}.${body}`).digest("hex")}`;
}

/** Sends a notice, with retries. `true`: the receiver took it. Never rejects. */
export async function sendNotice(target: NoticeTarget, notice: object): Promise<boolean> {
  const body = JSON.stringify(notice);
  for (const delayMs of [0, ...RETRY_AFTER_MS]) {
    if (delayMs > 0) await pause(target.clock, delayMs, target.abortSignal);
    if (target.abortSignal.aborted) return false;
    if (await post(target, body)) return true;
  }
  return false;
}

async function post({ url, secret, fetch, clock, abortSignal }: NoticeTarget, body: string): Promise<boolean> {
  const signature = signNotice(secret, Math.floor(clock.now() / 1_000), body);
  const onTimeout = (): Error => new Error("no reply in time");
  try {
    const { ok } = await withDeadline(
      { clock, limitMs: SEND_LIMIT_MS, onTimeout, background: true },
      async (signal) => {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json", "x-babylon-signature": signature },
          body,
          // Elsewhere the signature would be worth something.
          redirect: "error",
          signal: AbortSignal.any([signal, abortSignal]),
        });
        await response.body?.cancel();
        return response;
      },
    );
    return ok;
  } catch {
    return false;
  }
}
