import type { SimulatedProvider } from "../simulated-provider.ts";

/** Observed behavior that every wire can show. */
type SharedWildWay =
  /** The content type of the other kind of body. */
  | "mislabelled"
  /** Pings that are not comments, between the pieces. */
  | "pings"
  /** A finish reason after the first piece, and the real one at the end. */
  | "early-stop"
  /** The answer ends, but the connection stays open. */
  | "open-end"
  | "reset-after-end"
  | "garbage-after-end"
  /** A finish reason after the first piece; then the answer is cut off. */
  | "early-stop-cut"
  | "early-stop-reset"
  /** The answer ends, and an error follows. */
  | "stop-then-error"
  /** A second answer with another id begins after the first piece. */
  | "restart"
  /** Errors in other formats inside a successful reply. */
  | "error-flat"
  | "error-on-choice"
  | "error-as-text-code"
  | "error-field"
  | "error-base-resp";

/** Observed behavior of Chat Completions servers. */
export type ChatWildWay =
  /** Another id in every chunk. */
  | "id-per-chunk"
  /** The last chunk has the complete message, and the tool calls are only there. */
  | "calls-at-end";

/** Observed behavior of servers and gateways with the Messages API. */
export type MessageWildWay =
  /** A stop reason before the last block, and the real one at the end. */
  | "reason-before-last-block"
  /** A stop reason before the last block, none at the end. */
  | "reason-only-early"
  /** `message_stop` without any stop reason. */
  | "no-reason"
  /** The stop reason three times, then `null`. */
  | "repeated-reason"
  /** `message_stop` before everything else, or before the last block. */
  | "marker-first"
  | "marker-early"
  /** No `content_block_stop`. */
  | "unclosed-blocks"
  /** No `index` in any event. */
  | "no-index"
  /** A `tool_use` block without a name. */
  | "nameless-call"
  /** The complete input of each call in its `content_block_start`. */
  | "input-in-start"
  /** `message_start` a second time, with the same id. */
  | "repeated-start"
  /** OpenAI's `[DONE]` after `message_stop`, or instead of it. */
  | "done-mark"
  | "done-instead"
  /** A later `message_delta` with counts of 0. */
  | "usage-zero"
  /** An error event after `message_stop`, or between the stop reason and `message_stop`. */
  | "error-after-end"
  | "error-before-marker"
  /** The whole message as one JSON event. */
  | "one-event";

/**
 * Observed behavior of real servers, with answers that stay whole and with answers that do not. Where a wire, or a JSON body, has no
 * equivalent, the closest one is used.
 */
export type WildWay = SharedWildWay | ChatWildWay | MessageWildWay;

/** The expected fate of an answer, written down without regard to any adapter. */
export interface WildFate {
  readonly whole: boolean;
  /** The only wire that has this behavior. Default: all. */
  readonly only?: "chat" | "messages" | undefined;
}

const inMessages = (whole: boolean): WildFate => ({ whole, only: "messages" });

/** All of them, and whether the answer is whole. */
export const WILD_WAYS: Readonly<Record<WildWay, WildFate>> = {
  mislabelled: { whole: true },
  pings: { whole: true },
  "early-stop": { whole: true },
  "open-end": { whole: true },
  "reset-after-end": { whole: true },
  "garbage-after-end": { whole: true },
  "early-stop-cut": { whole: false },
  "early-stop-reset": { whole: false },
  "stop-then-error": { whole: false },
  restart: { whole: false },
  "error-flat": { whole: false },
  "error-on-choice": { whole: false },
  "error-as-text-code": { whole: false },
  "error-field": { whole: false },
  "error-base-resp": { whole: false },
  "id-per-chunk": { whole: true, only: "chat" },
  "calls-at-end": { whole: true, only: "chat" },
  "reason-before-last-block": inMessages(true),
  "reason-only-early": inMessages(false),
  "no-reason": inMessages(false),
  "repeated-reason": inMessages(true),
  "marker-first": inMessages(true),
  "marker-early": inMessages(true),
  "unclosed-blocks": inMessages(true),
  "no-index": inMessages(true),
  "nameless-call": inMessages(false),
  "input-in-start": inMessages(true),
  "repeated-start": inMessages(true),
  "done-mark": inMessages(true),
  "done-instead": inMessages(true),
  "usage-zero": inMessages(true),
  "error-after-end": inMessages(true),
  "error-before-marker": inMessages(true),
  "one-event": inMessages(true),
};

/** Whether a value names one of the ways. */
export const isWildWay = (value: unknown): value is WildWay =>
  typeof value === "string" && Object.hasOwn(WILD_WAYS, value);

/** The ways of a provider's wire. */
export function wildWaysOf(provider: SimulatedProvider): readonly WildWay[] {
  const wire = provider === "claude" ? "messages" : "chat";
  return Object.keys(WILD_WAYS)
    .filter(isWildWay)
    .filter((way) => (WILD_WAYS[way].only ?? wire) === wire);
}

/** Whether a way belongs to the Messages API alone. */
export const isMessageWay = (way: WildWay): way is MessageWildWay => WILD_WAYS[way].only === "messages";

/** Whether a way belongs to Chat Completions alone. */
export const isChatWay = (way: WildWay): way is ChatWildWay => WILD_WAYS[way].only === "chat";
