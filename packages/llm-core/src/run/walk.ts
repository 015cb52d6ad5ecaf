import type { OnInterrupted } from "../contract/call-options.ts";
import type { Message } from "../contract/message.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { Probe } from "../health/shared-probes.ts";
import type { CallWatch } from "../observe/observing.ts";
import { type HedgeConfig, type RetryConfig, resolveHedge } from "../plan/client-config.ts";
import type { Chain, ChainLink } from "../plan/plan-chain.ts";
import type { Watcher } from "../stream/watcher.ts";
import type { toToolCall } from "./answer.ts";
import type { AnswerForm } from "./answer-form.ts";
import type { Call } from "./call.ts";
import type { Engine } from "./engine.ts";
import type { ShownText } from "./shown-text.ts";

/** What a walk over the chain begins with. */
export interface WalkStart<T> {
  readonly engine: Engine;
  readonly call: Call;
  readonly observed: CallWatch;
  readonly chain: Chain;
  /** `false`: its attempts are not hedged, whatever the options say. */
  readonly mayHedge: boolean;
  readonly form: AnswerForm<T>;
  readonly conversation: readonly Message[];
  readonly watcher: Watcher;
  /** What the watcher has seen; {@link NOTHING_SHOWN} where there is none. */
  readonly shown: ShownText;
  /** What to do once something has been shown. */
  readonly onInterrupted: OnInterrupted;
}

/** A walk over the chain: where it stands and what has happened on the way. */
export interface Walk<T> extends Omit<WalkStart<T>, "chain" | "mayHedge"> {
  readonly retry: RetryConfig;
  readonly hedge: HedgeConfig | null;
  /** Reads a tool call and checks its arguments; `undefined` where there are no tools. */
  readToolCall: typeof toToolCall | undefined;
  /** In the order in which they are tried; those that could not be used go to the end. */
  readonly links: ChainLink[];
  /** One for each attempt that failed. */
  readonly errors: LLMError[];
  /** How each link that was tried failed last. */
  failures: Map<ChainLink, LLMError>;
  /** The place of the link in turn. */
  index: number;
  /** Retries made on this link so far. */
  retries: number;
  /** Set once no link was ready: from then on the call waits for its turns. */
  turns: Turns | null;
  /** The link in turn is this call's to probe. */
  probe: Probe | null;
  /** Of the attempt before; `null`: there was none. */
  lastLink: ChainLink | null;
  /** The link answered, and is asked again for what was wanted. */
  asksAgain: boolean;
}

/** What a call remembers while it waits for links that are not ready. */
export interface Turns {
  /** The failures of the client before it began to wait; what failed since has been looked at. */
  readonly sinceFailure: number;
  /** Retries that were due while it waited, made by this call or by another one in its place. */
  retries: number;
  /** When the next one is due. */
  retryAtMonoMs: number;
  /** Until when it waits for others after its last retry. */
  endsAtMonoMs: number;
  /** How often it has tried a link because another call was served by it. */
  followed: number;
}

/** Of a walk on which nothing has failed: most of them. Never written to. */
const NO_FAILURES: Map<ChainLink, LLMError> = new Map();

/** Begins a walk at the first link. */
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
    shown: start.shown,
    onInterrupted: start.onInterrupted,
    retry: maxRetries === undefined ? config.retry : { ...config.retry, maxRetries },
    hedge: mayHedge ? resolveHedge(hedge, config.hedge) : null,
    readToolCall: undefined,
    links: [...links, ...reserve],
    errors: [],
    failures: NO_FAILURES,
    index: 0,
    retries: 0,
    turns: null,
    probe: null,
    lastLink: null,
    asksAgain: false,
  };
}

/** Remembers that an attempt on a link failed. */
export function noteFailure(walk: Walk<unknown>, link: ChainLink, error: LLMError): void {
  walk.errors.push(error);
  if (walk.failures === NO_FAILURES) walk.failures = new Map();
  walk.failures.set(link, error);
}

/** The link at a place. */
export function linkAt({ links }: Walk<unknown>, at: number): ChainLink {
  const link = links[at];
  if (link === undefined) throw new RangeError(`the chain has no link ${at}`);
  return link;
}

/** How many links may still be tried, the one in turn included: the time left is shared among them. */
export function linksLeft({ links, index, turns, failures }: Walk<unknown>): number {
  return turns === null ? links.length - index : Math.max(1, links.length - failures.size);
}

/** Whether a link can be used now, as far as this process knows: it is closed, or nobody has gone to probe it. */
export function isReady({ engine }: Walk<unknown>, link: ChainLink): boolean {
  const ref = link.resolved.ref;
  const { state, probing } = engine.breaker.read(ref);
  if (state === "closed") return true;
  return state === "half-open" && !probing && !engine.probes.isProbing(ref);
}

/** Whether a link other than this one is ready and has not failed the call. */
export function hasReadyLink(walk: Walk<unknown>, link: ChainLink): boolean {
  return walk.links.some((other) => other !== link && !walk.failures.has(other) && isReady(walk, other));
}

/** The place of the next link that is ready after the one in turn; -1: there is none. */
export function nextReady(walk: Walk<unknown>): number {
  const { links, index } = walk;
  for (let at = index + 1; at < links.length; at += 1) if (isReady(walk, linkAt(walk, at))) return at;
  return -1;
}

/** How many links after the one in turn are ready. */
export function countReady(walk: Walk<unknown>): number {
  const { links, index } = walk;
  let count = 0;
  for (let at = index + 1; at < links.length; at += 1) if (isReady(walk, linkAt(walk, at))) count += 1;
  return count;
}

/** Those from one place up to another give way: they come up again when all after them have failed. */
export function postpone({ links }: Walk<unknown>, from: number, to: number): void {
  links.push(...links.splice(from, to - from));
}
