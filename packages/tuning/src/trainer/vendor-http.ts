import { type Clock, isRecord, redact } from "@babylon/llm-core";
import { isNotConnected } from "@babylon/provider-kit";
import { messageOf } from "@babylon/storage";
import { pause, withDeadline } from "@babylon/storage/time";
import { TuningError } from "../contract/tuning-error.ts";

/** How a vendor is reached. */
export interface VendorHttpOptions {
  /** For messages. */
  readonly vendor: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Secrets that must not be in a message. */
  readonly secrets: readonly string[];
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** From 0 to below 1, for jitter. */
  readonly random: () => number;
}

/** One request. */
export interface VendorRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly json?: unknown;
  readonly body?: BodyInit | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How often it is repeated after a failure that may pass: only what changes nothing, or what has the same effect twice. Default 0. */
  readonly retries?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  /** Default 60 s. */
  readonly timeoutMs?: number | undefined;
}

/** Sends a request and returns the JSON of its reply; `null`: the reply is empty. */
export type VendorHttp = (request: VendorRequest) => Promise<unknown>;

const TIMEOUT_MS = 60_000;
const LONGEST_PAUSE_MS = 20_000;
/** Longer replies are not from an API. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Requests to a vendor's API. Rejects with `TuningError`: `refused` (a status below 500), `unavailable`, or `protocol` (not JSON). */
export function createVendorHttp(options: VendorHttpOptions): VendorHttp {
  const { vendor, clock, random, secrets } = options;
  const clean = (text: string): string => redact(text, secrets).slice(0, 400);

  async function once({ method, url, json, body, headers, abortSignal, timeoutMs }: VendorRequest): Promise<unknown> {
    const { pathname } = new URL(url);
    const onTimeout = () => new TuningError("unavailable", `${vendor} did not answer ${method} ${pathname} in time`);
    const deadline = { clock, limitMs: timeoutMs ?? TIMEOUT_MS, onTimeout };
    const { status, text } = await withDeadline(deadline, async (signal) => {
      try {
        const response = await options.fetch(url, {
          method,
          headers: {
            ...options.headers,
            ...(json === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
          redirect: "error",
          signal: abortSignal === undefined ? signal : AbortSignal.any([signal, abortSignal]),
          ...(json === undefined ? (body === undefined ? {} : { body }) : { body: JSON.stringify(json) }),
        });
        return { status: response.status, text: await response.text() };
      } catch (thrown) {
        abortSignal?.throwIfAborted();
        const cause = thrown instanceof Error ? thrown.cause : undefined;
        const reason = clean(messageOf(cause ?? thrown));
        const message = `${vendor} could not be reached: ${method} ${pathname}: ${reason}`;
        throw new TuningError("unavailable", message, { sent: !isNotConnected(thrown) });
      }
    });
    if (status >= 300) {
      const code = status >= 500 || status === 429 || status === 408 ? "unavailable" : "refused";
      const reason = clean(errorText(text));
      throw new TuningError(code, `${vendor} answered ${method} ${pathname} with ${status}: ${reason}`, { status });
    }
    if (text.trim() === "") return null;
    try {
      if (text.length > MOST_CHARACTERS) throw new Error("too long");
      return JSON.parse(text);
    } catch {
      throw new TuningError("protocol", `${vendor} answered ${method} ${pathname} with something that is not JSON`, {
        status,
      });
    }
  }

  return async (request) => {
    for (let failures = 0; ; failures += 1) {
      try {
        return await once(request);
      } catch (thrown) {
        const mayPass = thrown instanceof TuningError && thrown.code === "unavailable";
        if (!mayPass || failures >= (request.retries ?? 0)) throw thrown;
        await pause(clock, Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures) * (0.5 + random() / 2), request.abortSignal);
        request.abortSignal?.throwIfAborted();
      }
    }
  };
}

/** The message of an error body: W&B's gateways have several forms. */
function errorText(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body)) {
      const { error, detail, message } = body;
      if (isRecord(error) && typeof error.message === "string") return error.message;
      for (const one of [error, detail, message]) if (typeof one === "string") return one;
    }
  } catch {
    // Not JSON: the text itself.
  }
  return text;
}
