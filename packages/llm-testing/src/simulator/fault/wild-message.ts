import { isRecord } from "@babylon/llm-core";
import type { DeliveryFacts, DeliveryStep } from "./delivery.ts";
import type { MessageWildWay } from "./wild-ways.ts";

type Fields = Record<string, unknown>;

/** One event of a stream of the Messages API. */
interface MessageEvent {
  readonly type: string;
  readonly payload: Fields;
}

const END: DeliveryStep = { do: "end" };

const stepsOf = ({ head }: DeliveryFacts, pieces: readonly string[]): DeliveryStep[] => [
  { do: "head", head, length: null },
  ...pieces.map((text): DeliveryStep => ({ do: "write", text })),
  END,
];

function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function parse(text: string): MessageEvent {
  const payload = fieldsOf(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "{}"));
  return { type: String(payload.type), payload };
}

const write = ({ type, payload }: MessageEvent): string => `event: ${type}\ndata: ${JSON.stringify(payload)}\n\n`;

/** A copy of an event with other fields in one of its members. */
const withFields = ({ type, payload }: MessageEvent, member: string, fields: Fields): MessageEvent => ({
  type,
  payload: { ...payload, [member]: { ...fieldsOf(payload[member]), ...fields } },
});

const DONE = "data: [DONE]\n\n";

const isCall = (block: unknown): boolean => fieldsOf(block).type === "tool_use";

const NAMELESS = { type: "tool_use", id: "toolu_nameless", input: {} };

/** Plans the steps of a message with this behavior. */
export function planWildMessage(way: MessageWildWay, facts: DeliveryFacts): DeliveryStep[] {
  if (facts.events === null) return stepsOf(facts, [bodyOf(way, facts)]);
  if (way === "one-event") return stepsOf(facts, [`data: ${facts.whole()}\n\n`]);
  const events = facts.events.map(({ text }) => parse(text));
  return stepsOf(facts, textsOf(way, events, facts));
}

function textsOf(way: MessageWildWay, events: readonly MessageEvent[], facts: DeliveryFacts): readonly string[] {
  const all = events.map(write);
  const ofType = (type: string): MessageEvent[] => events.filter((event) => event.type === type);
  const lastBlock = events.findLastIndex(({ type }) => type === "content_block_start");
  const reasonAt = events.findIndex(({ type }) => type === "message_delta");
  const [reason] = ofType("message_delta").map(write);
  const [marker] = ofType("message_stop").map(write);
  const early = (text = ""): readonly string[] => [...all.slice(0, lastBlock), text, ...all.slice(lastBlock)];
  const without = (text = ""): readonly string[] => all.filter((each) => each !== text);
  const error = facts.errorEvent(facts.inBandError());
  switch (way) {
    case "reason-before-last-block":
      return early(reason);
    case "reason-only-early":
      return early(reason).filter((each, at) => each !== reason || at === lastBlock);
    case "no-reason":
      return without(reason);
    case "repeated-reason": {
      const none = ofType("message_delta").map((event) => write(withFields(event, "delta", { stop_reason: null })));
      return [...all.slice(0, reasonAt), reason ?? "", reason ?? "", ...none, ...all.slice(reasonAt)];
    }
    case "marker-first":
      return [marker ?? "", ...without(marker)];
    case "marker-early":
      return early(marker).filter((each, at) => each !== marker || at === lastBlock);
    case "unclosed-blocks":
      return events.filter(({ type }) => type !== "content_block_stop").map(write);
    case "no-index":
      return events.map(({ type, payload }) => write({ type, payload: { ...payload, index: undefined } }));
    case "nameless-call":
      return namelessCall(events, reasonAt);
    case "input-in-start":
      return inputInStart(events).map(write);
    case "repeated-start":
      return [...all.slice(0, lastBlock + 2), all[0] ?? "", ...all.slice(lastBlock + 2)];
    case "done-mark":
      return [...all, DONE];
    case "done-instead":
      return [...without(marker), DONE];
    case "usage-zero": {
      const zero: MessageEvent = {
        type: "message_delta",
        payload: { type: "message_delta", delta: {}, usage: { input_tokens: 0, output_tokens: 0 } },
      };
      return [...without(marker), write(zero), marker ?? ""];
    }
    case "error-after-end":
      return [...all, error];
    case "error-before-marker":
      return [...all.slice(0, reasonAt + 1), error, ...all.slice(reasonAt + 1)];
    case "one-event":
      return all;
  }
}

/** Takes the names of the calls away. A message without a call gets one. */
function namelessCall(events: readonly MessageEvent[], reasonAt: number): readonly string[] {
  if (events.some(({ payload }) => isCall(payload.content_block))) {
    return events.map((event) =>
      write(isCall(event.payload.content_block) ? withFields(event, "content_block", { name: undefined }) : event),
    );
  }
  const index = events.filter(({ type }) => type === "content_block_start").length;
  const opening = { type: "content_block_start", index, content_block: NAMELESS };
  const closing = { type: "content_block_stop", index };
  return [
    ...events.slice(0, reasonAt).map(write),
    ...[opening, closing].map((payload) => write({ type: payload.type, payload })),
    ...events.slice(reasonAt).map(write),
  ];
}

/** Moves the input of each call from its deltas to its start. */
function inputInStart(events: readonly MessageEvent[]): readonly MessageEvent[] {
  const inputs = new Map<unknown, string>();
  for (const { payload } of events) {
    const json = fieldsOf(payload.delta).partial_json;
    if (typeof json === "string") inputs.set(payload.index, (inputs.get(payload.index) ?? "") + json);
  }
  return events.flatMap((event) => {
    const { payload } = event;
    if (fieldsOf(payload.delta).type === "input_json_delta") return [];
    if (!isCall(payload.content_block)) return [event];
    return [withFields(event, "content_block", { input: JSON.parse(inputs.get(payload.index) || "{}") })];
  });
}

/** A JSON body has fewer of these: the others are plain messages, or the closest failure. */
function bodyOf(way: MessageWildWay, { body }: DeliveryFacts): string {
  const message = fieldsOf(JSON.parse(body));
  const content: readonly unknown[] = Array.isArray(message.content) ? message.content : [];
  switch (way) {
    case "no-reason":
    case "reason-only-early":
      return JSON.stringify({ ...message, stop_reason: null });
    case "nameless-call": {
      const nameless = content.map((block) => (isCall(block) ? { ...fieldsOf(block), name: undefined } : block));
      return JSON.stringify({ ...message, content: content.some(isCall) ? nameless : [...content, NAMELESS] });
    }
    case "done-mark":
    case "done-instead":
      return `${body}\n\n${DONE}`;
    default:
      return body;
  }
}
