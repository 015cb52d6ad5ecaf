import type { OnInterrupted } from "../contract/call-options.ts";
import type { Message } from "../contract/message.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { Probe } from "../health/shared-probes.ts";
import type { CallWatch } from "../observe/observing.ts";
import { resolveHedge } from "../plan/client-config.ts";
import type { HedgeConfig, RetryConfig } from "../plan/client-defaults.ts";
import type { Chain, ChainLink } from "../plan/plan-chain.ts";
import type { Watcher } from "../stream/watcher.ts";
import type { toToolCall } from "./answer.ts";
import type { AnswerForm } from "./answer-form.ts";
import { append } from "./append.ts";
import type { Call } from "./call.ts";
import type { CommittedOutput } from "./committed-output.ts";
import type { Engine } from "./engine.ts";
import type { Simpler } from "./simpler.ts";

/** Input of {@link beginWalk}. */
export interface WalkStart<T> {
  readonly engine: Engine;
  readonly call: Call;
  readonly observed: CallWatch;
  readonly chain: Chain;
  /** `false`: attempts are not hedged, even if the options enable it. */
  readonly mayHedge: boolean;
  readonly form: AnswerForm<T>;
  readonly conversation: readonly Message[];
  readonly watcher: Watcher;
  /** What the reader has received; `NO_OUTPUT` for a call without a stream. */
  readonly output: CommittedOutput;
  /** What to do when a committed stream breaks off. */
  readonly onInterrupted: OnInterrupted;
}

/** The state of one walk over the chain. */
export interface Walk<T> extends Omit<WalkStart<T>, "chain" | "mayHedge"> {
  readonly retry: RetryConfig;
  readonly hedge: HedgeConfig | null;
  /** Parses a tool call and checks its arguments; `undefined` if the call has no tools. */
  readToolCall: typeof toToolCall | undefined;
  /** In the order in which they are tried; links that could not be used move to the end. */
  links: readonly ChainLink[];
  /** One for each attempt that failed. */
  errors: readonly LLMError[];
  /** The latest error of each tried link. */
  failures: Map<ChainLink, LLMError>;
  /** What each link refused of its requests. The map is replaced, not changed. */
  simpler: ReadonlyMap<ChainLink, Simpler>;
  /** The index of the current link. */
  index: number;
  /** Retries made on the current link. */
  retries: number;
  /** Set once no link was ready: from then on the call waits for links to recover. */
  recoveryWait: RecoveryWait | null;
  /** Set while this call probes the current link. */
  probe: Probe | null;
  /** The link of the previous attempt; `null`: none. */
  lastLink: ChainLink | null;
  /** The next attempt repeats the request on the same link, because its answer was not accepted. */
  asksAgain: boolean;
}

/** The state of a call that waits for links to recover. */
export interface RecoveryWait {
  /** The client's failure count when the wait began: failures with a higher number happened during the wait. */
  readonly failuresBefore: number;
  /** Retries due during the wait, made by this call or by another one. */
  retries: number;
  /** When the next retry is due. */
  retryAtMonoMs: number;
  /** How long it waits for retries of other calls after its own last retry. */
  waitForOthersUntilMonoMs: number;
  /** How often it has tried a link because that link had served another call. */
  recoveredTries: number;
}

// Shared by all walks without a failure. Never modified.
const NO_ERRORS: readonly LLMError[] = [];
const NO_FAILURES: Map<ChainLink, LLMError> = new Map();

const NOTHING_SIMPLER: ReadonlyMap<ChainLink, Simpler> = new Map();

/** Starts a walk at the first link. */
export function beginWalk<T>(start: WalkStart<T>): Walk<T> {
  const { engine, call, mayHedge } = start;
  const { config } = engine;
  const { maxRetries, hedge } = call.options;
  const { links, reserve } = start.chain;
  return {
    engine,
    call,
    observed: start.observed,
    form: start.form,
    conversation: start.conversation,
    watcher: start.watcher,
    output: start.output,
    onInterrupted: start.onInterrupted,
    retry: maxRetries === undefined ? config.retry : { ...config.retry, maxRetries },
    hedge: mayHedge ? resolveHedge(hedge, config.hedge) : null,
    readToolCall: undefined,
    links: reserve.length === 0 ? links : [...links, ...reserve],
    errors: NO_ERRORS,
    failures: NO_FAILURES,
    simpler: NOTHING_SIMPLER,
    index: 0,
    retries: 0,
    recoveryWait: null,
    probe: null,
    lastLink: null,
    asksAgain: false,
  };
}

/** Records a failed attempt on a link. */
export function noteFailure(walk: Walk<unknown>, link: ChainLink, error: LLMError): void {
  walk.errors = append(walk.errors, error);
  if (walk.failures === NO_FAILURES) walk.failures = new Map();
  walk.failures.set(link, error);
}

/** The link at an index. */
export function linkAt({ links }: Walk<unknown>, at: number): ChainLink {
  const link = links[at];
  if (link === undefined) throw new RangeError(`the chain has no link ${at}`);
  return link;
}

/** How many links may still be tried, including the current one: they share the remaining time. */
export function linksLeft({ links, index, recoveryWait, failures }: Walk<unknown>): number {
  return recoveryWait === null ? links.length - index : Math.max(1, links.length - failures.size);
}

/** Whether a link can be used now, as far as this process knows: its circuit is closed, or half-open without a probe in flight. */
export function isReady({ engine }: Walk<unknown>, link: ChainLink): boolean {
  const ref = link.resolved.ref;
  const { state, probing } = engine.breaker.read(ref);
  if (state === "closed") return true;
  return state === "half-open" && !probing && !engine.probes.isProbing(ref);
}

/** Whether another link is ready and has not failed this call. */
export function hasReadyLink(walk: Walk<unknown>, link: ChainLink): boolean {
  return walk.links.some((other) => other !== link && !walk.failures.has(other) && isReady(walk, other));
}

/** The index of the next ready link after the current one; -1: none. */
export function nextReady(walk: Walk<unknown>): number {
  const { links, index } = walk;
  for (let at = index + 1; at < links.length; at += 1) if (isReady(walk, linkAt(walk, at))) return at;
  return -1;
}

/** How many links after the current one are ready. */
export function countReady(walk: Walk<unknown>): number {
  const { links, index } = walk;
  let count = 0;
  for (let at = index + 1; at < links.length; at += 1) if (isReady(walk, linkAt(walk, at))) count += 1;
  return count;
}

/** Moves the links from index `from` up to `to` to the end of the chain. */
export function postpone(walk: Walk<unknown>, from: number, to: number): void {
  const { links } = walk;
  walk.links = [...links.slice(0, from), ...links.slice(to), ...links.slice(from, to)];
}
