import type { DeliveryFacts, DeliveryStep, ReplyHead } from "./delivery.ts";
import { planWildChat } from "./wild-chat.ts";
import { planWildMessage } from "./wild-message.ts";
import { isChatWay, isMessageWay, WILD_WAYS, type WildWay } from "./wild-ways.ts";

const MESSAGE = "The server is overloaded, try again later.";

/** An overload error of a Chat Completions server as a separate body. */
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

/** Plans the steps of an answer with this behavior. */
export function planWild(way: WildWay, facts: DeliveryFacts): DeliveryStep[] {
  if (isMessageWay(way)) return planWildMessage(way, facts);
  if (isChatWay(way)) return planWildChat(way, facts);
  const { events, head, body } = facts;
  if (events === null) return planWildBody(way, facts);
  const isChat = body === "" && events.some(({ text }) => text.includes('"choices"'));
  const texts = events.filter(({ kind }) => kind !== "done").map(({ text }) => text);
  const finishAt = events.findIndex(({ kind }) => kind === "finish");
  const finish = events[finishAt]?.text ?? "";
  const firstPart = events.findIndex(({ kind }) => kind === "part") + 1;
  const beginning = texts.slice(0, firstPart);
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
      return send(head, [...beginning, finish, ...all.slice(firstPart)], END);
    case "open-end":
      return send(head, texts, { do: "hold" });
    case "reset-after-end":
      return send(head, texts, { do: "reset" });
    case "garbage-after-end":
      return send(head, [...texts, isChat ? 'data: {"choices":[{"del\n\ndata: 0.1\n\n' : ": bye\n\n"], END);
    case "early-stop-cut":
      return send(head, [...beginning.slice(0, -1), finish, ...beginning.slice(-1)], END);
    case "early-stop-reset":
      return send(head, [...beginning.slice(0, -1), finish, ...beginning.slice(-1)], { do: "reset" });
    case "stop-then-error": {
      const failed = finish.replace(/"(finish_reason|stop_reason)":"[^"]*"/, '"$1":"error"');
      return send(head, [...texts.slice(0, finishAt + 1), failed], END);
    }
    case "restart":
      return send(head, [...beginning, ...all.map(withOtherId)], END);
    default:
      return send(head, [...beginning, isChat ? errorOf(way) : facts.errorEvent(facts.inBandError())], END);
  }
}

const errorOf = (way: WildWay): string =>
  way === "error-field"
    ? `error: ${JSON.stringify({ code: 503, message: MESSAGE, type: "unavailable_error" })}\n\n`
    : `data: ${JSON.stringify(ERRORS[way])}\n\n`;

/** The same event of another answer: the first id of an event is the answer's. */
const withOtherId = (text: string): string => text.replace(/"id":"[^"]*"/, '"id":"restarted"');

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
    case "restart":
      return send(head, `${body}\n${withOtherId(body)}`);
    default: {
      if (WILD_WAYS[way].whole) return send(head, body);
      const isChat = body.includes('"choices"');
      return send(head, JSON.stringify(isChat ? ERRORS[way] : facts.errorBody(facts.inBandError())));
    }
  }
}
