import type { CallOptions, OnInterrupted } from "../call-options.ts";
import type { Chain } from "../chain/plan-chain.ts";
import type { ResolvedProvider } from "../config/resolve-config.ts";
import { isLLMError, LLMError } from "../errors/llm-error.ts";
import type { Message } from "../message.ts";
import type { TextResult } from "../result.ts";
import type { LinkName } from "../stream/stream-event.ts";
import type { AnswerForm, FormLink } from "./answer-form.ts";
import { type Call, openCall } from "./call.ts";
import type { Engine } from "./engine.ts";
import { runChain, type Served } from "./run-chain.ts";
import { toCallRecord } from "./to-call-record.ts";
import type { Watcher } from "./watcher.ts";

/** The chain of a call, and the version of the settings it was planned with. */
export interface PlannedChain {
  readonly chain: Chain;
  /** Every provider, in the order of the settings. */
  readonly providers: readonly ResolvedProvider[];
  readonly settingsVersion: number | null;
}

/** One walk of a session over the chain. */
export interface SessionRun<T> {
  readonly form: AnswerForm<T>;
  /** Instead of the call's own messages. */
  readonly messages?: readonly Message[] | undefined;
  readonly watcher?: Watcher | undefined;
  readonly onInterrupted?: OnInterrupted | undefined;
}

/** An answer with who gave it. */
export type ServedAnswer = Pick<Served<unknown>, "answer" | "seams" | "firstTokenMs"> & { readonly link: LinkName };

/** An open call: any number of walks over its chain, then exactly one record. */
export interface CallSession {
  readonly callId: string;
  /** The conversation: system, then messages or prompt. */
  readonly messages: readonly Message[];
  readonly call: Call;
  warn(warning: string): void;
  /** The links that would be tried, for splitting work beforehand. Throws `no_provider`. */
  links(): Promise<readonly FormLink[]>;
  /** Walks over the chain once. Several walks may run at once; their attempts share one list. */
  run<T>(run: SessionRun<T>): Promise<{ readonly value: T; readonly result: TextResult }>;
  /** The result of an answer, with the attempts of the call so far. */
  toResult(served: ServedAnswer): TextResult;
  /** Ends the call well: the record is written. Returns the result with the attempts and tokens of the whole call. */
  succeed(result: TextResult): TextResult;
  /** Ends the call badly: the record is written. Returns the error to throw, with the attempts of the whole call. */
  fail(thrown: unknown): LLMError;
}

/** What a session takes from its client. */
export interface SessionHost {
  readonly engine: Engine;
  /** Plans with the settings of this moment: at once where they are at hand. */
  plan(options: CallOptions): PlannedChain | Promise<PlannedChain>;
  /** Plans with the latest known settings, because those of this moment are too long in coming. */
  planWithout(options: CallOptions): PlannedChain;
  /** Told when the session has ended. */
  ended(record: ReturnType<typeof toCallRecord>): void;
}

/** How long a call waits for its settings: then it goes on with those that are known. */
const SETTINGS_PATIENCE_MS = 2_000;

function withoutLinks(call: Call, { chain }: PlannedChain): LLMError {
  const told = chain.skipped.map(({ provider, reason }) => `${provider}: ${reason}`);
  return new LLMError({
    code: "no_provider",
    message: `no provider can be called${told.length === 0 ? "" : `: ${told.join("; ")}`}`,
    callId: call.id,
    details: { skipped: chain.skipped },
  });
}

/** Opens a call with checked options: its time runs from here. */
export function openSession(
  host: SessionHost,
  options: CallOptions,
  callId: string,
  onInterrupted?: OnInterrupted,
): CallSession {
  const { engine } = host;
  const call = openCall(options, { clock: engine.clock, timeouts: engine.config.timeouts, callId });
  let planned: Promise<PlannedChain> | undefined;
  let settingsVersion: number | null = null;
  let ended = false;

  async function makePlan(): Promise<PlannedChain> {
    if (call.interruption !== null) throw call.interruption;
    const planning = host.plan(options);
    const result =
      planning instanceof Promise
        ? ((await call.within(planning, SETTINGS_PATIENCE_MS)) ?? host.planWithout(options))
        : planning;
    settingsVersion = result.settingsVersion;
    for (const warning of result.chain.warnings) call.warnings.add(warning);
    if (result.chain.links.length === 0) throw withoutLinks(call, result);
    return result;
  }

  function plan(): Promise<PlannedChain> {
    planned ??= makePlan();
    return planned;
  }

  function end(outcome: { result: TextResult } | { error: LLMError }): void {
    if (ended) return;
    ended = true;
    call.close();
    const { recordContent } = engine.config;
    host.ended(toCallRecord(call, outcome, { settingsVersion, recordContent, onInterrupted: onInterrupted ?? null }));
  }

  function toResult({ link, answer, seams, firstTokenMs }: ServedAnswer): TextResult {
    return {
      text: answer.text,
      reasoning: answer.reasoning,
      toolCalls: answer.toolCalls,
      message: answer.message,
      finishReason: answer.finishReason,
      rawFinishReason: answer.rawFinishReason,
      usage: answer.usage,
      totalUsage: call.totalUsage(),
      provider: link.provider,
      model: link.model,
      responseId: answer.responseId,
      callId,
      attempts: call.finishedAttempts(),
      seams,
      warnings: [...call.warnings],
      settingsVersion,
      durationMs: call.elapsedMs(),
      firstTokenMs,
    };
  }

  return {
    callId,
    messages: call.conversation,
    call,
    warn: (warning) => void call.warnings.add(warning),
    async links() {
      const { chain } = await plan();
      return chain.links.map(({ provider, model, capabilities }, index) => ({ provider, model, index, capabilities }));
    },
    async run({ form, messages, watcher, onInterrupted: policy }) {
      const { chain } = await plan();
      const { link, value, answer, seams, firstTokenMs } = await runChain(engine, call, {
        chain,
        form,
        conversation: messages ?? call.conversation,
        watcher: watcher ?? null,
        onInterrupted: policy ?? "throw",
      });
      const result = toResult({ link, answer, seams, firstTokenMs });
      return { value, result };
    },
    toResult,
    succeed(result) {
      const attempts = call.finishedAttempts();
      const whole =
        attempts.length === result.attempts.length
          ? result
          : {
              ...result,
              attempts,
              totalUsage: call.totalUsage(),
              warnings: [...call.warnings],
              durationMs: call.elapsedMs(),
            };
      end({ result: whole });
      return whole;
    },
    fail(thrown) {
      const cause = isLLMError(thrown)
        ? thrown
        : new LLMError({ code: "invalid_response", message: "the call failed unexpectedly", cause: thrown });
      // Attempts that still run are entered before the record is made.
      call.interrupt(cause);
      const error = cause.with({ callId, attempts: call.finishedAttempts() });
      end({ error });
      return error;
    },
  };
}
