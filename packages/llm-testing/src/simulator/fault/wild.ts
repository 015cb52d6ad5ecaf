import type { DeliveryFacts, DeliveryStep, ReplyHead } from "./delivery.ts";

/**
 * What real servers were seen to do with an answer that stays whole, and with one that does not. Where a wire has no such thing, or a
 * JSON body, the nearest one is meant.
 */
export type WildWay =
  /** Under the content type of the other kind of body. */
  | "mislabelled"
  /** Pings that are no comments, between the pieces. */
  | "pings"
  /** A reason to finish behind the first piece, and the true one at the end. */
  | "early-stop"
  /** The answer ends, its connection does not. */
  | "open-end"
  | "reset-after-end"
  | "garbage-after-end"
  /** A reason to finish behind the first piece; then the answer breaks off. */
  | "early-stop-cut"
  | "early-stop-reset"
  /** The answer ends, and then it has failed after all. */
  | "stop-then-error"
  /** Errors inside a success, in forms of their own. */
  | "error-flat"
  | "error-on-choice"
  | "error-as-text-code"
  | "error-field"
  | "error-base-resp";

/** All of them, and whether the answer is whole. */
export const WILD_WAYS: Readonly<Record<WildWay, { readonly whole: boolean }>> = {
  mislabelled: { whole: true },
  pings: { whole: true },
  "early-stop": { whole: true },
  "open-end": { whole: true },
  "reset-after-end": { whole: true },
  "garbage-after-end": { whole: true },
  "early-stop-cut": { whole: false },
  "early-stop-reset": { whole: false },
  "stop-then-error": { whole: false },
  "error-flat": { whole: false },
  "error-on-choice": { whole: false },
  "error-as-text-code": { whole: false },
  "error-field": { whole: false },
  "error-base-resp": { whole: false },
};

/** Whether a value names one of the ways. */
export const isWildWay = (value: unknown): value is WildWay =>
  typeof value === "string" && Object.hasOwn(WILD_WAYS, value);

const MESSAGE = "The server is overloaded, try again later.";

/** The overload of a Chat Completions server, as a body of its own. */
const ERRORS: Readonly<Partial<Record<WildWay, unknown>>> = {
  "error-flat": { object: "error", message: MESSAGE, type: "ServiceUnavailableError", code: 503 },
  "error-on-choice": {
    id: "gen-1",
    choices: [{ index: 0, delta: { content: "" }, finish_reason: "error", error: { code: 503, message: MESSAGE } }],
  },
  "error-as-text-code": {
    error: { message: `litellm.ServiceUnavailableError: ${MESSAGE}`, type: "None", code: "503" },
  },
  "error-field": { error: { code: 503, message: MESSAGE, type: "unavailable_error" } },
  "error-base-resp": { id: "x", choices: null, base_resp: { status_code: 1041, status_msg: MESSAGE } },
};

const write = (text: string): DeliveryStep => ({ do: "write", text });

function relabelled({ head }: DeliveryFacts, isStream: boolean): ReplyHead {
  return { ...head, headers: { ...head.headers, "content-type": isStream ? "application/json" : "text/event-stream" } };
}

/** The steps of an answer that goes one of these ways. */
export function planWild(way: WildWay, facts: DeliveryFacts): DeliveryStep[] {
  const { events, head, body } = facts;
  if (events === null) return planWildBody(way, facts);
  const isChat = body === "" && events.some(({ text }) => text.includes('"choices"'));
  const texts = events.filter(({ kind }) => kind !== "done").map(({ text }) => text);
  const finishAt = events.findIndex(({ kind }) => kind === "finish");
  const finish = events[finishAt]?.text ?? "";
  const firstPart = events.findIndex(({ kind }) => kind === "part") + 1;
  const beginning = texts.slice(0, firstPart);
  const early = isChat ? [finish] : [];
  const send = (to: ReplyHead, pieces: readonly string[], last: DeliveryStep): DeliveryStep[] => [
    { do: "head", head: to, length: null },
    ...pieces.map(write),
    last,
  ];
  const END: DeliveryStep = { do: "end" };
  const all = events.map(({ text }) => text);
  switch (way) {
    case "mislabelled":
      return send(relabelled(facts, true), all, END);
    case "pings": {
      const ping = isChat ? "data: null\n\ndata: ping\n\n: ping\n\n" : ": ping\n\n";
      return send(
        head,
        all.flatMap((text) => [ping, text]),
        END,
      );
    }
    case "early-stop":
      return send(head, [...beginning, ...early, ...all.slice(firstPart)], END);
    case "open-end":
      return send(head, texts, { do: "hold" });
    case "reset-after-end":
      return send(head, texts, { do: "reset" });
    case "garbage-after-end":
      return send(head, [...texts, isChat ? 'data: {"choices":[{"del\n\ndata: 0.1\n\n' : ": bye\n\n"], END);
    case "early-stop-cut":
      return send(head, [...beginning.slice(0, -1), ...early, ...beginning.slice(-1)], END);
    case "early-stop-reset":
      return send(head, [...beginning.slice(0, -1), ...early, ...beginning.slice(-1)], { do: "reset" });
    case "stop-then-error": {
      const failed = finish.replace(/"(finish_reason|stop_reason)":"[^"]*"/, '"$1":"error"');
      return send(head, [...texts.slice(0, finishAt + 1), failed], END);
    }
    default:
      return send(head, [...beginning, isChat ? errorOf(way) : facts.errorEvent(facts.inBandError())], END);
  }
}

const errorOf = (way: WildWay): string =>
  way === "error-field"
    ? `error: ${JSON.stringify({ code: 503, message: MESSAGE, type: "unavailable_error" })}\n\n`
    : `data: ${JSON.stringify(ERRORS[way])}\n\n`;

function planWildBody(way: WildWay, facts: DeliveryFacts): DeliveryStep[] {
  const { head, body } = facts;
  const send = (to: ReplyHead, text: string, last: DeliveryStep = { do: "end" }): DeliveryStep[] => [
    { do: "head", head: to, length: null },
    write(text),
    last,
  ];
  switch (way) {
    case "mislabelled":
      return send(relabelled(facts, false), body);
    case "early-stop-cut":
      return send(head, body.slice(0, Math.ceil(body.length / 2)));
    case "early-stop-reset":
      return send(head, body.slice(0, Math.ceil(body.length / 2)), { do: "reset" });
    case "stop-then-error":
      return send(head, body.replace(/"(finish_reason|stop_reason)":"[^"]*"/, '"$1":"error"'));
    default: {
      if (WILD_WAYS[way].whole) return send(head, body);
      const isChat = body.includes('"choices"');
      return send(head, JSON.stringify(isChat ? ERRORS[way] : facts.errorBody(facts.inBandError())));
    }
  }
}
