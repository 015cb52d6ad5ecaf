import type { OnInterrupted } from "../call-options.ts";
import type { Chain, ChainLink } from "../chain/plan-chain.ts";
import { type HedgeConfig, type RetryConfig, resolveHedge } from "../config/client-config.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { Message } from "../message.ts";
import type { toToolCall } from "./answer.ts";
import type { AnswerForm } from "./answer-form.ts";
import type { Call } from "./call.ts";
import type { Engine } from "./engine.ts";
import type { ShownText } from "./shown-text.ts";
import type { Watcher } from "./watcher.ts";

/** What a walk over the chain is for. */
export interface WalkPlan<T> {
  readonly chain: Chain;
  readonly form: AnswerForm<T>;
  readonly conversation: readonly Message[];
  readonly watcher: Watcher | null;
  /** What the watcher has seen; {@link NOTHING_SHOWN} where there is none. */
  readonly shown: ShownText;
  /** What to do once something has been shown. */
  readonly onInterrupted: OnInterrupted;
}

/** A walk over the chain: where it stands and what has happened on the way. */
export interface Walk<T> {
  readonly engine: Engine;
  readonly call: Call;
  readonly plan: WalkPlan<T>;
  readonly retry: RetryConfig;
  readonly hedge: HedgeConfig | null;
  readonly shown: ShownText;
  /** Reads a tool call and checks its arguments; `undefined` where there are no tools. */
  readonly readToolCall: typeof toToolCall | undefined;
  /** In the order in which they are tried; those that could not be used go to the end. */
  readonly links: ChainLink[];
  /** Links that come up again, or are in reserve: when it is their turn, all others have failed. */
  readonly postponed: ChainLink[];
  /** One for each attempt that failed. */
  readonly errors: LLMError[];
  /** The place of the link in turn. */
  index: number;
  /** Retries made on this link so far. */
  retries: number;
  /** Of the attempt before; `null`: there was none. */
  lastLink: ChainLink | null;
  /** The link answered, and is asked again for what was wanted. */
  asksAgain: boolean;
}

/** Begins a walk at the first link. */
export function beginWalk<T>(
  engine: Engine,
  call: Call,
  plan: WalkPlan<T>,
  readToolCall: typeof toToolCall | undefined,
): Walk<T> {
  const { config } = engine;
  const { maxRetries, hedge } = call.options;
  const { links, reserve, rescued } = plan.chain;
  const all = [...links, ...reserve];
  return {
    engine,
    call,
    plan,
    retry: maxRetries === undefined ? config.retry : { ...config.retry, maxRetries },
    hedge: resolveHedge(hedge, config.hedge),
    shown: plan.shown,
    readToolCall,
    links: all,
    postponed: rescued ? [...all] : [...reserve],
    errors: [],
    index: 0,
    retries: 0,
    lastLink: null,
    asksAgain: false,
  };
}

/** The link at a place. */
export function linkAt({ links }: Walk<unknown>, at: number): ChainLink {
  const link = links[at];
  if (link === undefined) throw new RangeError(`the chain has no link ${at}`);
  return link;
}

/** How many links may still be tried after the one in turn. */
export function linksAfter({ links, index }: Walk<unknown>): number {
  return links.length - index - 1;
}

/** The link in turn gives way: it comes up again when all others have failed. */
export function postpone({ links, postponed, index }: Walk<unknown>, link: ChainLink): void {
  if (!postponed.includes(link)) postponed.push(link);
  links.push(...links.splice(index, 1));
}
