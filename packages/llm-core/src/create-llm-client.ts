import { checkCallOptions, checkPlanOptions } from "./check/check-call-options.ts";
import { checkClientOptions } from "./check/check-client-options.ts";
import type { CallOptions, GenerateTextOptions, OnInterrupted } from "./contract/call-options.ts";
import type { LLMClientOptions } from "./contract/client-options.ts";
import { requireNode } from "./contract/node-version.ts";
import type { TextResult } from "./contract/result.ts";
import { NO_USAGE } from "./contract/usage.ts";
import { isLLMError, LLMError } from "./errors/llm-error.ts";
import { createCallStats } from "./figures/call-stats.ts";
import { listModels, requireProvider } from "./list-models.ts";
import type { LLMClient } from "./llm-client.ts";
import { createLostCalls } from "./observe/lost-calls.ts";
import type { CapturedContexts } from "./observe/observing.ts";
import { createRecording } from "./observe/recording.ts";
import { createPlanner } from "./plan/create-planner.ts";
import { peekGates } from "./run/admission/peek-gates.ts";
import { textForm } from "./run/answer-form.ts";
import { abortByReader, addInterruptionListener, elapsedMs, removeInterruptionListener } from "./run/call.ts";
import {
  type CallSession,
  fail,
  openSession,
  runSession,
  type SessionHost,
  succeed,
  toResult,
} from "./run/call-session.ts";
import { callKey, createCoalescing, leaveOnAbort, type SharedCall } from "./run/coalescing.ts";
import { createEngine } from "./run/create-engine.ts";
import { linkHealth } from "./run/read-health.ts";
import { unlessInterrupted } from "./run/wait.ts";
import { serviceStateOf } from "./status/service-state.ts";
import { createTextStream } from "./stream/create-text-stream.ts";
import { createOpenStreams } from "./stream/open-streams.ts";
import { createStructuredFunctions } from "./structured/structured-functions.ts";

/** How a session is opened. `joins`: the id of the call in flight whose answer it shares. */
interface OpenOptions {
  readonly onInterrupted?: OnInterrupted;
  readonly joins?: string;
}

/** Creates a client. Throws `invalid_input` with the path of an invalid option. */
export function createLLMClient(options: LLMClientOptions): LLMClient {
  requireNode();
  checkClientOptions(options);
  const { createCallId = () => crypto.randomUUID() } = options;
  const providers = new Map(options.providers.map((provider) => [provider.id, provider]));
  const engine = createEngine(options);
  const planner = createPlanner(options, engine, (links, call) => peekGates(engine, links, call));
  const { clock, logger, config } = engine;
  const recording = createRecording(options.recorders ?? [], { clock, logger, drainMs: config.drainMs });
  const stats = createCallStats(clock);
  const lostCalls = createLostCalls(clock, logger);
  const coalescing = createCoalescing();
  const streams = createOpenStreams(clock);
  let openCalls = 0;
  let whenIdle: (() => void) | null = null;
  let closing: Promise<void> | null = null;

  const host: SessionHost = {
    engine,
    plan: planner.planCall,
    planWithout: planner.planCallNow,
    ended(record, isFallback) {
      stats.add(record, isFallback);
      lostCalls.ended(record);
      recording.record(record);
      openCalls -= 1;
      if (openCalls === 0) whenIdle?.();
    },
  };

  function open(callOptions: CallOptions, captured: CapturedContexts, openOptions: OpenOptions = {}): CallSession {
    const { onInterrupted = null, joins = null } = openOptions;
    openCalls += 1;
    return openSession(host, callOptions, {
      callId: callOptions.callId ?? createCallId(),
      captured,
      onInterrupted,
      joins,
    });
  }

  function refuseWhenClosed(): void {
    if (closing !== null) throw new LLMError({ code: "closed", message: "the client is closed" });
  }

  /** Not an async function, because thousands of calls wait here at once. */
  function finish(session: CallSession, callOptions: GenerateTextOptions): Promise<TextResult> {
    const failed = (thrown: unknown): Promise<never> => Promise.reject(fail(session, thrown));
    try {
      const walked = runSession(session, { form: textForm(callOptions.transport ?? "auto") });
      return walked.then((served) => {
        try {
          return succeed(session, toResult(session, served));
        } catch (thrown) {
          return failed(thrown);
        }
      }, failed);
    } catch (thrown) {
      return failed(thrown);
    }
  }

  const generate = (callOptions: GenerateTextOptions): Promise<TextResult> =>
    finish(open(callOptions, engine.observing.capture()), callOptions);

  /** Starts a call that identical calls can join. The abort signal of one caller cancels the call only if no other caller waits for it. */
  async function generateShared(callOptions: GenerateTextOptions, key: string): Promise<TextResult> {
    const { callId = createCallId(), abortSignal } = callOptions;
    const shared = coalescing.begin(key, callId, (signal) => generate({ ...callOptions, callId, abortSignal: signal }));
    return leaveOnAbort(shared, abortSignal, callId);
  }

  /** Joins an identical call in flight, within the time limits of this caller. */
  async function join(shared: SharedCall, callOptions: GenerateTextOptions): Promise<TextResult> {
    const leave = shared.join();
    const session = open(callOptions, engine.observing.capture(), { joins: shared.callId });
    const { call } = session;
    try {
      const result = await unlessInterrupted(call, shared.result);
      return succeed(session, {
        ...result,
        callId: call.id,
        attempts: [],
        totalUsage: NO_USAGE,
        cost: engine.pricing.sum([]),
        durationMs: elapsedMs(call),
        warnings: [...result.warnings, `shares the answer of call ${result.callId}`],
      });
    } catch (thrown) {
      leave(thrown);
      // The deadline of the shared call has passed; this caller's own deadline may be later.
      const hasTimeLeft = call.interruption === null && isLLMError(thrown, "deadline");
      return hasTimeLeft ? finish(session, callOptions) : Promise.reject(fail(session, thrown));
    }
  }

  function share(callOptions: GenerateTextOptions): Promise<TextResult> {
    // An aborted caller must not start a shared call.
    if (callOptions.abortSignal?.aborted) return generate(callOptions);
    const key = callKey(callOptions, options.router !== undefined);
    const shared = coalescing.find(key);
    return shared === undefined ? generateShared(callOptions, key) : join(shared, callOptions);
  }

  const client: LLMClient = {
    providers: [...options.providers],

    generateText(callOptions) {
      try {
        checkCallOptions(callOptions, "text", providers);
        refuseWhenClosed();
        return (callOptions.coalesce ?? engine.config.coalesce) ? share(callOptions) : generate(callOptions);
      } catch (thrown) {
        return Promise.reject(thrown);
      }
    },

    streamText(callOptions) {
      checkCallOptions(callOptions, "stream", providers);
      refuseWhenClosed();
      const { onInterrupted = "throw" } = callOptions;
      const captured = engine.observing.capture();
      return createTextStream(() => {
        refuseWhenClosed();
        const session = open(callOptions, captured, { onInterrupted });
        return {
          async run(watcher, onInterrupt) {
            const form = textForm(callOptions.transport ?? "auto");
            addInterruptionListener(session.call, onInterrupt);
            const remove = streams.add(watcher, () => abortByReader(session.call));
            try {
              const served = await runSession(session, { form, watcher, onInterrupted });
              removeInterruptionListener(session.call, onInterrupt);
              return succeed(session, toResult(session, served));
            } catch (thrown) {
              throw fail(session, thrown);
            } finally {
              remove();
            }
          },
          abort: () => abortByReader(session.call),
        };
      }, onInterrupted !== "restart");
    },

    ...createStructuredFunctions({
      providers,
      refuseWhenClosed,
      capture: engine.observing.capture,
      open(callOptions, captured) {
        refuseWhenClosed();
        return open(callOptions, captured);
      },
    }),

    async plan(callOptions = {}) {
      checkPlanOptions(callOptions, providers);
      return planner.toPlan(await planner.plan(callOptions), callOptions);
    },

    peekPlan(callOptions = {}) {
      checkPlanOptions(callOptions, providers);
      return planner.toPlan(planner.planNow(callOptions), callOptions);
    },

    async listModels(provider, listOptions = {}) {
      refuseWhenClosed();
      return listModels(engine, requireProvider(providers, provider), listOptions);
    },

    health: () => linkHealth(engine, options.providers),

    status() {
      const figures = { calls: stats.figures(), losses: stats.losses() };
      const state = serviceStateOf({ ...figures, nowEpochMs: clock.now() });
      return { ...state, ...figures, serving: planner.serving() };
    },

    revive(provider) {
      requireProvider(providers, provider);
      engine.breaker.revive(provider);
      engine.probes.revive(provider);
    },

    close() {
      closing ??= new Promise<void>((resolve) => {
        if (openCalls === 0) resolve();
        else {
          whenIdle = resolve;
          streams.abortUnread(config.drainMs);
        }
      }).then(() => {
        streams.stop();
        lostCalls.close();
        return recording.drain();
      });
      return closing;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
  return client;
}
