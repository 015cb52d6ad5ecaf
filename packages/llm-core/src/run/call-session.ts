import type { CallOptions, OnInterrupted } from "../contract/call-options.ts";
import type { CallRecord } from "../contract/call-record.ts";
import type { Message } from "../contract/message.ts";
import type { TextResult } from "../contract/result.ts";
import { completeError, isLLMError, LLMError } from "../errors/llm-error.ts";
import type { CallWatch, CapturedContexts } from "../observe/observing.ts";
import { PLAN_TIMEOUT_MS } from "../plan/client-defaults.ts";
import { type Intent, intentsOf, NO_INTENTS } from "../plan/intents.ts";
import type { PlannedChain } from "../plan/plan-inputs.ts";
import type { LinkName } from "../stream/stream-event.ts";
import { NO_WATCHER, type Watcher } from "../stream/watcher.ts";
import type { AnswerForm, FormLink } from "./answer-form.ts";
import {
  type Call,
  closeCall,
  elapsedMs,
  finishedAttempts,
  interruptCall,
  openCall,
  totalUsage,
  warn,
} from "./call.ts";
import { withPartialText } from "./chain-errors.ts";
import { createCommittedOutput, NO_OUTPUT } from "./committed-output.ts";
import type { Engine } from "./engine.ts";
import { runChain, type ServedResult } from "./run-chain.ts";
import { toCallRecord } from "./to-call-record.ts";
import { toCallStart } from "./to-call-start.ts";
import { withTimeout } from "./wait.ts";
import { beginWalk } from "./walk.ts";

/** How long a call waits for its client's pricer to load. */
const PRICER_TIMEOUT_MS = 2_000;

/** What a session needs from its client. */
export interface SessionHost {
  readonly engine: Engine;
  /** Plans with the current settings: synchronously if they are cached. */
  plan(options: CallOptions, callId: string): PlannedChain | Promise<PlannedChain>;
  /** Plans with the last known settings and keys, because the current ones take too long to load. */
  planWithout(options: CallOptions, callId: string): PlannedChain;
  /**
   * Called when the session has ended.
   *
   * @param isFallback - served by another provider than the first of the healthy chain
   */
  ended(record: CallRecord, isFallback: boolean): void;
}

/** An open call: any number of walks over its chain with {@link runSession}, then exactly one record. */
export interface CallSession {
  readonly host: SessionHost;
  readonly call: Call;
  readonly observed: CallWatch;
  /** For the record. */
  readonly onInterrupted: OnInterrupted | null;
  /** Created by the first walk and used by all walks. */
  planned: PlannedChain | Promise<PlannedChain> | null;
  settingsVersion: number | null;
  intents: readonly Intent[];
  /** The first provider of the healthy chain; `null`: not planned yet. */
  primary: string | null;
  ended: boolean;
}

/** Input of {@link openSession}. */
export interface SessionStart {
  readonly callId: string;
  /** The contexts that the observers captured in the caller's stack. */
  readonly captured: CapturedContexts;
  /** Set for a stream; else `null`. */
  readonly onInterrupted: OnInterrupted | null;
  /** The id of the shared call whose answer this one waits for; `null`: not shared. */
  readonly joins: string | null;
}

/** One walk of a session over the chain. */
export interface SessionRun<T> {
  readonly form: AnswerForm<T>;
  /** Replaces the messages of the call. */
  readonly messages?: readonly Message[] | undefined;
  readonly watcher?: Watcher | undefined;
  readonly onInterrupted?: OnInterrupted | undefined;
}

/** An answer with the link that gave it. */
export type ServedAnswer = Pick<ServedResult<unknown>, "answer" | "seams" | "firstTokenMs"> & {
  readonly link: LinkName;
};

/** Opens a call with checked options. Its time limit starts here. */
export function openSession(host: SessionHost, options: CallOptions, start: SessionStart): CallSession {
  const { clock, config, observing } = host.engine;
  const { callId, captured, onInterrupted, joins } = start;
  const call = openCall(options, { clock, timeouts: config.timeouts, callId });
  return {
    host,
    call,
    observed: observing.begin(() => toCallStart(call, onInterrupted, joins), captured),
    onInterrupted,
    planned: null,
    settingsVersion: null,
    intents: NO_INTENTS,
    primary: null,
    ended: false,
  };
}

function noProviderError(call: Call, { chain }: PlannedChain): LLMError {
  const reasons = chain.skipped.map(({ provider, reason }) => `${provider}: ${reason}`);
  return new LLMError({
    code: "no_provider",
    message: `no provider can be called${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`,
    callId: call.id,
    details: { skipped: chain.skipped },
  });
}

/** The chain of the session: synchronously if the settings are cached. Throws `no_provider`. */
function planOf(session: CallSession): PlannedChain | Promise<PlannedChain> {
  if (session.planned !== null) return session.planned;
  const { host, call } = session;
  if (call.interruption !== null) throw call.interruption;
  const planning = host.plan(call.options, call.id);
  session.planned = planning instanceof Promise ? awaitPlan(session, planning) : applyPlan(session, planning);
  return session.planned;
}

async function awaitPlan(session: CallSession, planning: Promise<PlannedChain>): Promise<PlannedChain> {
  const { host, call } = session;
  return applyPlan(
    session,
    (await withTimeout(call, planning, PLAN_TIMEOUT_MS)) ?? host.planWithout(call.options, call.id),
  );
}

function applyPlan(session: CallSession, planned: PlannedChain): PlannedChain {
  session.settingsVersion = planned.settingsVersion;
  session.intents = intentsOf(planned);
  session.primary = planned.chain.primary;
  for (const warning of planned.chain.warnings) warn(session.call, warning);
  if (planned.chain.links.length === 0) throw noProviderError(session.call, planned);
  return planned;
}

/** The links of the chain in order, for splitting a batch before the first request. Rejects with `no_provider`. */
export async function sessionLinks(session: CallSession): Promise<readonly FormLink[]> {
  const { chain } = await planOf(session);
  return chain.links.map(({ provider, model, capabilities }, index) => ({ provider, model, index, capabilities }));
}

/**
 * Walks over the chain once. Several walks may run at the same time; their attempts are in one list. Fails like `runChain`, and with
 * `no_provider`.
 */
export function runSession<T>(session: CallSession, run: SessionRun<T>): Promise<ServedResult<T>> {
  // Begins before the plan, which may have to open a store.
  const preparing = session.host.engine.pricing.prepare();
  const planned = planOf(session);
  if (preparing !== null) return walkWhenReady(session, run, planned, preparing);
  return planned instanceof Promise ? planned.then((ready) => walk(session, run, ready)) : walk(session, run, planned);
}

/** Waits for the plan and for the pricer, but for the pricer not long: a call without a cost is better than a late one. */
async function walkWhenReady<T>(
  session: CallSession,
  run: SessionRun<T>,
  planned: PlannedChain | Promise<PlannedChain>,
  preparing: Promise<void>,
): Promise<ServedResult<T>> {
  const ready = await planned;
  await withTimeout(session.call, preparing, PRICER_TIMEOUT_MS);
  return walk(session, run, ready);
}

function walk<T>(
  { host, call, observed }: CallSession,
  { form, messages, watcher, onInterrupted }: SessionRun<T>,
  { chain, experiments }: PlannedChain,
): Promise<ServedResult<T>> {
  const output = watcher === undefined ? NO_OUTPUT : createCommittedOutput();
  const walked = runChain(
    beginWalk({
      engine: host.engine,
      call,
      observed,
      chain,
      // In an experiment that compares arms, exactly one link must answer.
      mayHedge: experiments.every(({ excluded, isRollout }) => excluded !== undefined || isRollout === true),
      form,
      conversation: messages ?? call.conversation,
      watcher: watcher ?? NO_WATCHER,
      output,
      onInterrupted: onInterrupted ?? "throw",
    }),
  );
  return watcher === undefined
    ? walked
    : walked.catch((thrown) => Promise.reject(withPartialText(call, thrown, output)));
}

/** Builds the result of an answer, with the attempts of the call so far. */
export function toResult({ host, call, settingsVersion }: CallSession, served: ServedAnswer): TextResult {
  const { link, answer, seams, firstTokenMs } = served;
  return {
    text: answer.text,
    reasoning: answer.reasoning,
    toolCalls: answer.toolCalls,
    message: answer.message,
    finishReason: answer.finishReason,
    rawFinishReason: answer.rawFinishReason,
    usage: answer.usage,
    totalUsage: totalUsage(call),
    cost: host.engine.pricing.sum(call.attempts),
    provider: link.provider,
    model: link.model,
    responseId: answer.responseId,
    callId: call.id,
    attempts: finishedAttempts(call),
    seams,
    warnings: [...call.warnings],
    settingsVersion,
    durationMs: elapsedMs(call),
    firstTokenMs,
  };
}

/** Ends the call with a result and writes its record. Returns the result with the attempts and tokens of the whole call. */
export function succeed(session: CallSession, result: TextResult): TextResult {
  const { call } = session;
  const whole = result.attempts.length === call.attempts.length ? result : { ...result, ...factsOf(session) };
  end(session, { result: whole });
  return whole;
}

const factsOf = ({ host, call }: CallSession) => ({
  attempts: finishedAttempts(call),
  totalUsage: totalUsage(call),
  cost: host.engine.pricing.sum(call.attempts),
  warnings: [...call.warnings],
  durationMs: elapsedMs(call),
});

/** Ends the call with an error and writes its record. Returns the error to throw, with the attempts of the whole call. */
export function fail(session: CallSession, thrown: unknown): LLMError {
  const { call } = session;
  const cause = isLLMError(thrown)
    ? thrown
    : new LLMError({ code: "invalid_response", message: "the call failed unexpectedly", cause: thrown });
  const isOwn = cause === call.interruption;
  // Ends running attempts first, so that the record contains them.
  interruptCall(call, cause);
  const attempts = finishedAttempts(call);
  const error = isOwn ? completeError(cause, attempts) : cause.with({ callId: call.id, attempts });
  end(session, { error });
  return error;
}

function end(session: CallSession, outcome: { result: TextResult } | { error: LLMError }): void {
  if (session.ended) return;
  session.ended = true;
  const { host, call, observed, settingsVersion, intents, primary, onInterrupted } = session;
  closeCall(call);
  const { config, pricing } = host.engine;
  const { recordContent } = config;
  const cost = pricing.sum(call.attempts);
  const record = toCallRecord(call, outcome, { settingsVersion, recordContent, onInterrupted, cost, intents });
  observed.end(record);
  host.ended(record, primary !== null && record.provider !== null && record.provider !== primary);
}
