import type { CallOptions, OnInterrupted } from "../contract/call-options.ts";
import type { CallRecord } from "../contract/call-record.ts";
import type { Assignment } from "../contract/call-router.ts";
import type { Message } from "../contract/message.ts";
import type { TextResult } from "../contract/result.ts";
import { completeError, isLLMError, LLMError } from "../errors/llm-error.ts";
import type { CallWatch, Captured } from "../observe/observing.ts";
import { PLAN_PATIENCE_MS } from "../plan/client-config.ts";
import type { PlannedChain } from "../plan/plan-inputs.ts";
import { UNASSIGNED } from "../plan/routing.ts";
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
import type { Engine } from "./engine.ts";
import { runChain, type Served } from "./run-chain.ts";
import { createShownText, NOTHING_SHOWN } from "./shown-text.ts";
import { toCallRecord } from "./to-call-record.ts";
import { toCallStart } from "./to-call-start.ts";
import { within } from "./wait.ts";
import { beginWalk } from "./walk.ts";

/** What a session takes from its client. */
export interface SessionHost {
  readonly engine: Engine;
  /** Plans with the settings of this moment: at once where they are at hand. */
  plan(options: CallOptions, callId: string): PlannedChain | Promise<PlannedChain>;
  /** Plans with the latest known settings and keys, because those of this moment take too long. */
  planWithout(options: CallOptions, callId: string): PlannedChain;
  /**
   * Called when the session has ended.
   *
   * @param isFallback - another provider has served it than the one that is first when all is well
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
  /** Made with the first walk, for all of them. */
  planned: PlannedChain | Promise<PlannedChain> | null;
  settingsVersion: number | null;
  experiments: readonly Assignment[];
  /** The provider that serves when all is well; `null`: not planned. */
  primary: string | null;
  ended: boolean;
}

/** How a session begins. */
export interface SessionStart {
  readonly callId: string;
  /** What the observers captured where the call was made. */
  readonly captured: Captured;
  /** Of a stream; else `null`. */
  readonly onInterrupted: OnInterrupted | null;
  /** The id of the call whose answer this one waits for; `null`: it makes its own. */
  readonly joins: string | null;
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

/** Opens a call with checked options: its time runs from here. */
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
    experiments: UNASSIGNED,
    primary: null,
    ended: false,
  };
}

function withoutLinks(call: Call, { chain }: PlannedChain): LLMError {
  const told = chain.skipped.map(({ provider, reason }) => `${provider}: ${reason}`);
  return new LLMError({
    code: "no_provider",
    message: `no provider can be called${told.length === 0 ? "" : `: ${told.join("; ")}`}`,
    callId: call.id,
    details: { skipped: chain.skipped },
  });
}

/** The chain of the session: at once where the settings are at hand. Throws `no_provider`. */
function planOf(session: CallSession): PlannedChain | Promise<PlannedChain> {
  if (session.planned !== null) return session.planned;
  const { host, call } = session;
  if (call.interruption !== null) throw call.interruption;
  const planning = host.plan(call.options, call.id);
  session.planned = planning instanceof Promise ? settled(session, planning) : take(session, planning);
  return session.planned;
}

async function settled(session: CallSession, planning: Promise<PlannedChain>): Promise<PlannedChain> {
  const { host, call } = session;
  return take(session, (await within(call, planning, PLAN_PATIENCE_MS)) ?? host.planWithout(call.options, call.id));
}

function take(session: CallSession, planned: PlannedChain): PlannedChain {
  session.settingsVersion = planned.settingsVersion;
  session.experiments = planned.experiments;
  session.primary = planned.chain.primary;
  for (const warning of planned.chain.warnings) warn(session.call, warning);
  if (planned.chain.links.length === 0) throw withoutLinks(session.call, planned);
  return planned;
}

/** The links that would be tried, for splitting work beforehand. Rejects with `no_provider`. */
export async function sessionLinks(session: CallSession): Promise<readonly FormLink[]> {
  const { chain } = await planOf(session);
  return chain.links.map(({ provider, model, capabilities }, index) => ({ provider, model, index, capabilities }));
}

/** Walks over the chain once. Several walks may run at once; their attempts share one list. Throws as `runChain`, and `no_provider`. */
export function runSession<T>(session: CallSession, run: SessionRun<T>): Promise<Served<T>> {
  const planned = planOf(session);
  return planned instanceof Promise ? planned.then((ready) => walk(session, run, ready)) : walk(session, run, planned);
}

function walk<T>(
  { host, call, observed }: CallSession,
  { form, messages, watcher, onInterrupted }: SessionRun<T>,
  { chain, experiments }: PlannedChain,
): Promise<Served<T>> {
  const shown = watcher === undefined ? NOTHING_SHOWN : createShownText();
  const walked = runChain(
    beginWalk({
      engine: host.engine,
      call,
      observed,
      chain,
      // Two links that answer one call would belong to no arm.
      mayHedge: experiments.length === 0,
      form,
      conversation: messages ?? call.conversation,
      watcher: watcher ?? NO_WATCHER,
      shown,
      onInterrupted: onInterrupted ?? "throw",
    }),
  );
  return watcher === undefined
    ? walked
    : walked.catch((thrown) => Promise.reject(withPartialText(call, thrown, shown)));
}

/** The result of an answer, with the attempts of the call so far. */
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

/** Ends the call well: the record is written. Returns the result with the attempts and tokens of the whole call. */
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

/** Ends the call badly: the record is written. Returns the error to throw, with the attempts of the whole call. */
export function fail(session: CallSession, thrown: unknown): LLMError {
  const { call } = session;
  const cause = isLLMError(thrown)
    ? thrown
    : new LLMError({ code: "invalid_response", message: "the call failed unexpectedly", cause: thrown });
  const isOwn = cause === call.interruption;
  // Attempts that still run are entered before the record is made.
  interruptCall(call, cause);
  const attempts = finishedAttempts(call);
  const error = isOwn ? completeError(cause, attempts) : cause.with({ callId: call.id, attempts });
  end(session, { error });
  return error;
}

function end(session: CallSession, outcome: { result: TextResult } | { error: LLMError }): void {
  if (session.ended) return;
  session.ended = true;
  const { host, call, observed, settingsVersion, experiments, primary, onInterrupted } = session;
  closeCall(call);
  const { config, pricing } = host.engine;
  const { recordContent } = config;
  const cost = pricing.sum(call.attempts);
  const record = toCallRecord(call, outcome, { settingsVersion, recordContent, onInterrupted, cost, experiments });
  observed.end(record);
  host.ended(record, primary !== null && record.provider !== null && record.provider !== primary);
}
