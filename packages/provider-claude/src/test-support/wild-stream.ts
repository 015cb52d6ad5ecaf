import fc from "fast-check";

/** The effect of an event on whether an answer is complete. */
type WildEvent =
  | { readonly kind: "begin"; readonly id: string | null }
  | {
      readonly kind: "open";
      readonly index: number;
      readonly block: "text" | "thinking" | "redacted";
      readonly text: string;
    }
  | { readonly kind: "call"; readonly index: number; readonly id: string }
  | { readonly kind: "say"; readonly index: number; readonly what: "text" | "thinking"; readonly text: string }
  | { readonly kind: "sign"; readonly index: number }
  | { readonly kind: "input"; readonly index: number; readonly json: string }
  | { readonly kind: "close"; readonly index: number }
  | { readonly kind: "reason"; readonly reason: string | null }
  | { readonly kind: "mark"; readonly done: boolean }
  | { readonly kind: "error"; readonly wire: string }
  | { readonly kind: "garbage"; readonly wire: string }
  | { readonly kind: "noise"; readonly wire: string };

/** A stream as a server may send it. */
export interface WildStream {
  readonly events: readonly WildEvent[];
  /** How each event is written. */
  readonly style: {
    readonly named: boolean;
    readonly foreign: boolean;
    readonly crlf: boolean;
  };
  /** The start of one more event, which is incomplete. */
  readonly cut: boolean;
  /** How the connection ends. */
  readonly end: "ended" | "reset";
  /** The size of the chunks in bytes. */
  readonly pieceBytes: number;
}

const REASONS = ["end_turn", "max_tokens", "tool_use", "stop_sequence", "END_TURN", "stop", "length", "pause_turn"];
const FAILING = ["network_error", "overloaded", "error", "abort", "insufficient_system_resource"];
const UNKNOWN = ["odd_reason", "quux"];

const ERRORS = [
  'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
  'data: {"type":"error","error":{"type":"api_error","message":"no"}}\n\n',
  'data: {"error":{"message":"upstream","code":"500"}}\n\n',
  "event: error\ndata: upstream connect error\n\n",
];
const GARBAGE = [
  'event: content_block_delta\ndata: {"type":"content_bl\n\n',
  "event: message_delta\ndata: nonsense\n\n",
  'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta"}}\n\n',
];
const NOISE = [
  ": keep-alive\n\n",
  'event: ping\ndata: {"type":"ping"}\n\n',
  "data: ping\n\n",
  "data: null\n\n",
  "data: {}\n\n",
  "event: ping\ndata: \n\n",
  'event: vendor_news\ndata: {"type":"vendor_news","text":"hi"}\n\n',
  "retry: 1000\n\n",
  'data: {"type":"message_delta","usage":{"output_tokens":3}}\n\n',
];

const oneOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const words = oneOf("Hi", " there", "\u{1F600}", 'a "quoted" message_stop', "\n", "");

/** A block of a well-behaved answer. */
function blockEvents(index: number): fc.Arbitrary<readonly WildEvent[]> {
  const close: WildEvent = { kind: "close", index };
  const text = fc
    .array(words, { maxLength: 3 })
    .map((pieces): WildEvent[] => [
      { kind: "open", index, block: "text", text: "" },
      ...pieces.map((piece): WildEvent => ({ kind: "say", index, what: "text", text: piece })),
      close,
    ]);
  const thinking = words.map((piece): WildEvent[] => [
    { kind: "open", index, block: "thinking", text: "" },
    { kind: "say", index, what: "thinking", text: piece },
    { kind: "sign", index },
    close,
  ]);
  const call = fc.constant<WildEvent[]>([
    { kind: "call", index, id: `toolu_${index}` },
    { kind: "input", index, json: '{"city":' },
    { kind: "input", index, json: '"Bern"}' },
    close,
  ]);
  return fc.oneof(
    text,
    text,
    thinking,
    call,
    fc.constant<WildEvent[]>([{ kind: "open", index, block: "redacted", text: "" }, close]),
  );
}

const tame: fc.Arbitrary<readonly WildEvent[]> = fc
  .tuple(fc.tuple(blockEvents(0), blockEvents(1), blockEvents(2)), fc.integer({ min: 0, max: 3 }), oneOf(...REASONS))
  .map(([blocks, count, reason]) => [
    { kind: "begin", id: "msg_1" },
    ...blocks.slice(0, count).flat(),
    { kind: "reason", reason },
    { kind: "mark", done: false },
  ]);

/** A fault, or an unusual but valid event, at a position from 0 to 1 of the stream. */
type Change = (events: WildEvent[], at: number) => void;

const insert =
  (event: WildEvent): Change =>
  (events, at) =>
    void events.splice(at, 0, event);

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>((events, at) => void events.splice(at, 1)),
  fc.constant<Change>((events, at) => void events.splice(at, 0, ...events.slice(at, at + 1))),
  fc.constant<Change>((events, at) => void events.splice(at)),
  fc.constant<Change>((events, at) => void events.splice(at)),
  fc.constant<Change>((events, at) => void events.splice(at, 2, ...events.slice(at, at + 2).reverse())),
  fc.constant<Change>((events, at) => void events.push(...events.splice(at, 1))),
  oneOf(...REASONS, ...FAILING, ...UNKNOWN, null).map((reason) => insert({ kind: "reason", reason })),
  oneOf(...ERRORS).map((wire) => insert({ kind: "error", wire })),
  oneOf(...GARBAGE).map((wire) => insert({ kind: "garbage", wire })),
  oneOf(...NOISE).map((wire) => insert({ kind: "noise", wire })),
  words.map((text) => insert({ kind: "say", index: 0, what: "text", text })),
  oneOf(true, false).map((done) => insert({ kind: "mark", done })),
  oneOf("msg_1", "msg_2", null).map((id) => insert({ kind: "begin", id })),
  fc.constant(insert({ kind: "input", index: 7, json: "{" })),
);

/** Anthropic's streams with one to four faults. */
export const wildStreams: fc.Arbitrary<WildStream> = fc
  .record({
    events: tame,
    changes: fc.array(fc.tuple(changes, fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 4 }),
    style: fc.record({ named: fc.boolean(), foreign: fc.boolean(), crlf: fc.boolean() }),
    cut: fc.boolean(),
    end: oneOf("ended" as const, "ended" as const, "ended" as const, "reset" as const),
    pieceBytes: fc.oneof({ weight: 1, arbitrary: oneOf(1, 7) }, { weight: 19, arbitrary: oneOf(90, 100_000) }),
  })
  .map(({ events: before, changes: made, ...rest }) => {
    const events = [...before];
    for (const [change, place] of made) change(events, Math.floor(place * events.length));
    return { ...rest, events };
  });

/** The bytes of a stream. */
export function writeWild({ events, style, cut }: WildStream): string {
  const text =
    events.map((event) => writeEvent(event, style)).join("") + (cut ? 'data: {"type":"content_block_del' : "");
  return style.crlf ? text.replaceAll("\n", "\r\n") : text;
}

function writeEvent(event: WildEvent, style: WildStream["style"]): string {
  if ("wire" in event) return event.wire;
  if (event.kind === "mark" && event.done) return "data: [DONE]\n\n";
  const payload = { ...payloadOf(event), ...(style.foreign ? { trace_id: "x", obfuscation: "abc" } : {}) };
  return `${style.named ? `event: ${payload.type}\n` : ""}data: ${JSON.stringify(payload)}\n\n`;
}

function payloadOf(event: Exclude<WildEvent, { readonly wire: string }>): { readonly type: string } {
  switch (event.kind) {
    case "begin":
      return withField("message_start", "message", {
        ...(event.id === null ? {} : { id: event.id }),
        model: "m",
        usage: { input_tokens: 5 },
      });
    case "open":
      return withField("content_block_start", "content_block", OPENINGS[event.block], event.index);
    case "call":
      return withField(
        "content_block_start",
        "content_block",
        { type: "tool_use", id: event.id, name: "look", input: {} },
        event.index,
      );
    case "say":
      return withField(
        "content_block_delta",
        "delta",
        event.what === "text"
          ? { type: "text_delta", text: event.text }
          : { type: "thinking_delta", thinking: event.text },
        event.index,
      );
    case "sign":
      return withField("content_block_delta", "delta", { type: "signature_delta", signature: "c2ln" }, event.index);
    case "input":
      return withField(
        "content_block_delta",
        "delta",
        { type: "input_json_delta", partial_json: event.json },
        event.index,
      );
    case "close":
      return withField("content_block_stop", "index", event.index);
    case "reason":
      return {
        ...withField("message_delta", "delta", { stop_reason: event.reason }),
        ...{ usage: { output_tokens: 2 } },
      };
    case "mark":
      return { type: "message_stop" };
  }
}

const OPENINGS = {
  text: { type: "text", text: "" },
  thinking: { type: "thinking", thinking: "", signature: "" },
  redacted: { type: "redacted_thinking", data: "x" },
} as const;

const withField = (type: string, name: string, value: unknown, index?: number): { readonly type: string } => ({
  type,
  ...(index === undefined ? {} : { index }),
  [name]: value,
});

/** The outcome of a stream, and its text until then. */
export interface WildOutcome {
  readonly end: "whole" | "broken" | "failed";
  readonly text: string;
}

const isGood = (reason: string | null): boolean => reason !== null && REASONS.includes(reason);

/**
 * The oracle. An answer is whole if its last stop reason is known and no content follows it, or is unknown and the end marker was sent. An
 * error, an unreadable event, a second message or a reset fails the stream, unless the answer was whole.
 */
export function expectedOutcome({ events, end }: WildStream): WildOutcome {
  let text = "";
  let reason: string | null = null;
  let isMarked = false;
  let hasSaid = false;
  let begun: string | null = null;
  const calls = new Map<number, string>();
  const others = new Set<number>();
  const stop = (): WildOutcome => ({ end: isGood(reason) ? "whole" : "failed", text });
  for (const event of events) {
    let says = false;
    if (event.kind === "begin") {
      if (hasSaid && (event.id === null || event.id !== begun)) return stop();
      begun = event.id;
    } else if (event.kind === "call") {
      says = calls.get(event.index) !== event.id;
      others.delete(event.index);
      calls.set(event.index, event.id);
    } else if (event.kind === "open") {
      calls.delete(event.index);
      others.add(event.index);
      says = event.block === "redacted";
    } else if (event.kind === "close") {
      calls.delete(event.index);
      others.delete(event.index);
    } else if (event.kind === "say") {
      says = event.text !== "";
      if (event.what === "text") text += event.text;
    } else if (event.kind === "input") {
      if (!calls.has(event.index) && !others.has(event.index)) return stop();
      says = calls.has(event.index);
    } else if (event.kind === "reason" && event.reason !== null) {
      reason = event.reason;
      if (FAILING.includes(reason)) return { end: "failed", text };
      if (isMarked) return { end: "whole", text };
    } else if (event.kind === "mark") {
      isMarked = true;
      if (reason !== null) return { end: "whole", text };
    } else if (event.kind === "error" || event.kind === "garbage") return stop();
    if (says) {
      hasSaid = true;
      reason = null;
    }
  }
  if (isGood(reason)) return { end: "whole", text };
  return { end: end === "reset" || events.every(isNoEvent) ? "failed" : "broken", text };
}

/** A comment, or a field that is not an event. */
const isNoEvent = (event: WildEvent): boolean => event.kind === "noise" && /^(?::|retry)/.test(event.wire);
