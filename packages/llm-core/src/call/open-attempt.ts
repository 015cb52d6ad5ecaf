import type { Attempt } from "../attempt.ts";
import type { ChainLink } from "../chain/plan-chain.ts";
import { shareOfTime } from "../chain/share-of-time.ts";
import { type Clock, LONGEST_TIMER_MS, type TimerHandle } from "../clock.ts";
import { FIRST_TOKEN_MS, SILENT_FIRST_TOKEN_MS } from "../config/client-config.ts";
import type { Env } from "../env.ts";
import { isLLMError, LLMError } from "../errors/llm-error.ts";
import type {
  AttemptContext,
  ModelRequest,
  ModelResponse,
  ResponseHead,
  SchemaDialect,
  StreamPart,
} from "../provider.ts";
import type { Usage } from "../usage.ts";
import { partsOf } from "./answer.ts";
import type { Call } from "./call.ts";

/** One call to one link while it runs. */
export interface OpenAttempt {
  readonly link: ChainLink;
  /** The next part, or `undefined` at the end. Fails with an `LLMError` that says where it happened. */
  next(): Promise<StreamPart | undefined>;
  /** Ends the attempt and enters it into the call. What has not been read is cut off: the socket closes. Once. */
  end(outcome: "success" | "cancelled" | LLMError): Attempt;
}

/** What an attempt needs beside the call and the link. */
export interface AttemptSetup {
  readonly clock: Clock;
  readonly env: Env;
  readonly request: ModelRequest;
  readonly schemaDialect?: SchemaDialect | undefined;
  readonly transport: "stream" | "json";
  /** Links that may still be tried, this one included. */
  readonly linksLeft: number;
  onResponse(head: ResponseHead): void;
}

const LOST = "another link answered first";

const isLife = (part: StreamPart): boolean =>
  part.type === "text" || part.type === "reasoning" || part.type === "tool-call";

const isTold = (usage: Usage | null): usage is Usage =>
  usage !== null && (usage.inputTokens !== null || usage.outputTokens !== null);

/** What only core can know of a call; an adapter that says so while the call goes on has lost its connection. */
const OF_THE_CALL: ReadonlySet<string> = new Set(["aborted", "deadline", "closed"]);

/** Whatever an adapter threw, as an `LLMError`. */
function toError(thrown: unknown): LLMError {
  if (isLLMError(thrown)) {
    if (!OF_THE_CALL.has(thrown.code)) return thrown;
    return new LLMError({ code: "network", message: "the request ended early", cause: thrown });
  }
  return new LLMError({ code: "invalid_response", message: "the adapter failed unexpectedly", cause: thrown });
}

/** The parts of a whole answer. By hand: an async generator that delegates takes three promises for each part. */
function streamOf(response: Promise<ModelResponse>): AsyncIterable<StreamPart> {
  let parts: Iterator<StreamPart> | null = null;
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        parts ??= partsOf(await response);
        return parts.next();
      },
    }),
  };
}

/** Lets a generator run its `finally`; what goes wrong there concerns nobody any more. */
async function leave(iterator: AsyncIterator<StreamPart>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The attempt is over.
  }
}

/** Starts a request. Its limits run while somebody waits in `next()`. */
export function openAttempt(call: Call, link: ChainLink, setup: AttemptSetup): OpenAttempt {
  const { clock, request, transport } = setup;
  const { provider } = link.resolved;
  const { limits } = call;
  const controller = new AbortController();
  const place = call.attempts.push(undefined) - 1;
  call.requests[place] = request;
  const startedAt = clock.now();
  const startedMono = clock.monotonic();

  const whole = transport === "json";
  const firstTokenMs =
    limits.firstTokenMs === undefined
      ? link.capabilities.silentReasoning
        ? SILENT_FIRST_TOKEN_MS
        : FIRST_TOKEN_MS
      : limits.firstTokenMs;
  const lifeMs = shareOfTime(whole ? limits.attemptMs : firstTokenMs, call.timeLeftMs(), setup.linksLeft);

  let requestId: string | null = null;
  let usage: Usage | null = null;
  let firstLifeMs: number | null = null;
  let ended: Attempt | undefined;
  let complete = false;

  // The wait in progress: who to tell, since when, how long it may take.
  let fail: ((error: LLMError) => void) | null = null;
  let waitingSince = startedMono;
  /** The latest part was a sign of life: the next wait is counted from when the reader asks. */
  let waitsAnew = false;
  let limitMs: number | null = lifeMs;
  let timer: TimerHandle | null = null;

  const located = (error: LLMError): LLMError =>
    error.provider === link.provider && error.callId === call.id
      ? error
      : error.with({ provider: link.provider, model: link.model, callId: call.id });

  function cutOff(error: LLMError): void {
    // The waiting caller learns the reason first; only then is the socket closed, or its end would pass for the reason.
    const tell = fail;
    fail = null;
    tell?.(located(error));
    controller.abort(error);
  }

  function setTimer(ms: number): void {
    timer = clock.setTimeout(onTimer, Math.min(Math.ceil(ms), LONGEST_TIMER_MS));
  }

  function onTimer(): void {
    timer = null;
    if (fail === null || limitMs === null) return;
    const leftMs = limitMs - (clock.monotonic() - waitingSince);
    if (leftMs > 0) {
      setTimer(leftMs);
      return;
    }
    const ms = Math.round(limitMs);
    const what =
      firstLifeMs !== null
        ? `no part for ${ms} ms`
        : whole
          ? `no answer within ${ms} ms`
          : `no first part within ${ms} ms`;
    cutOff(new LLMError({ code: "timeout", message: `${provider.name}: ${what}` }));
  }

  const context: AttemptContext = {
    signal: controller.signal,
    env: setup.env,
    clock,
    callId: call.id,
    credentials: link.resolved.credentials,
    limitMs: call.timeLeftMs(),
    onResponse(head) {
      requestId = head.requestId;
      setup.onResponse(head);
    },
  };
  const forget = call.onInterrupt((error) => {
    cutOff(error);
    end(located(error));
  });
  let iterator: AsyncIterator<StreamPart> | null = null;

  function pull(): Promise<IteratorResult<StreamPart>> {
    if (iterator === null) {
      const parts = whole ? streamOf(provider.generate(request, context)) : provider.stream(request, context);
      iterator = parts[Symbol.asyncIterator]();
    }
    return iterator.next();
  }

  function seen(part: StreamPart): void {
    waitsAnew = isLife(part);
    if (part.type === "usage") usage = part.usage;
    else if (part.type === "finish") complete = true;
    else if (firstLifeMs === null) {
      firstLifeMs = clock.monotonic() - startedMono;
      // What a JSON request brings is all there at once.
      limitMs = whole ? null : limits.idleMs;
      if (timer !== null) clock.clearTimeout(timer);
      timer = null;
    }
  }

  function end(outcome: "success" | "cancelled" | LLMError): Attempt {
    if (ended !== undefined) return ended;
    forget();
    const waiting = fail;
    fail = null;
    if (outcome === "cancelled") waiting?.(located(new LLMError({ code: "aborted", message: LOST })));
    if (timer !== null) clock.clearTimeout(timer);
    timer = null;
    const error = typeof outcome === "string" ? null : outcome;
    if (!complete && !controller.signal.aborted) {
      controller.abort(error ?? new LLMError({ code: "aborted", message: LOST }));
    }
    if (iterator !== null) leave(iterator);
    const { attemptMessage, ...facts } = outcomeOf(outcome);
    ended = {
      number: place + 1,
      provider: link.provider,
      model: link.model,
      startedAt,
      durationMs: clock.monotonic() - startedMono,
      firstTokenMs: firstLifeMs,
      ...facts,
      ...(error === null && attemptMessage === null
        ? {}
        : {
            error: {
              code: error?.code ?? "aborted",
              message: attemptMessage ?? error?.message ?? "",
              status: error?.status ?? null,
              retryAfterMs: error?.retryAfterMs ?? null,
            },
          }),
      ...(isTold(usage) ? { usage } : {}),
      ...(request.responseFormat === undefined ? {} : { responseFormat: request.responseFormat }),
      ...(setup.schemaDialect === undefined ? {} : { schemaDialect: setup.schemaDialect }),
      requestId: error?.requestId ?? requestId,
    };
    call.attempts[place] = ended;
    return ended;
  }

  return {
    link,
    next: () =>
      new Promise((resolve, reject) => {
        if (call.interruption !== null) {
          reject(located(call.interruption));
          return;
        }
        if (ended !== undefined) {
          reject(located(new LLMError({ code: "aborted", message: LOST })));
          return;
        }
        fail = reject;
        if (waitsAnew) waitingSince = clock.monotonic();
        if (timer === null && limitMs !== null) setTimer(limitMs);
        let pulled: Promise<IteratorResult<StreamPart>>;
        try {
          pulled = pull();
        } catch (thrown) {
          pulled = Promise.reject(thrown);
        }
        pulled.then(
          (result) => {
            if (fail === null) return;
            fail = null;
            if (result.done === true) return resolve(undefined);
            seen(result.value);
            resolve(result.value);
          },
          (thrown: unknown) => {
            if (fail === null) return;
            fail = null;
            reject(located(toError(thrown)));
          },
        );
      }),

    end,
  };
}

function outcomeOf(outcome: "success" | "cancelled" | LLMError): {
  outcome: Attempt["outcome"];
  attemptMessage: string | null;
} {
  if (outcome === "success") return { outcome, attemptMessage: null };
  if (outcome === "cancelled") return { outcome, attemptMessage: LOST };
  return { outcome: outcome.code === "aborted" ? "aborted" : "failed", attemptMessage: null };
}
