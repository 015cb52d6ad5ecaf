import { piecesOf } from "../answer/pieces.ts";
import type { AnswerEnd, SimulatedAnswer, SimulatedRequest } from "../answer/simulated-request.ts";
import type { Exchange, WireEvent } from "../provider-wire.ts";

/** How the chat completions of the vendors differ. */
export interface ChatStyle {
  /** Prefix of an answer's id: `chatcmpl-`. */
  readonly idPrefix: string;
  /** Whether reasoning is sent. */
  readonly showsReasoning: boolean;
  /** Whether a tool call is streamed in pieces or in one chunk. */
  readonly splitsToolCalls: boolean;
  /** Additional fields of every answer and chunk: JSON without braces, with a leading comma; may be empty. */
  readonly extra: string;
  /** Where a stream contains usage: in a separate chunk on request, or always in the finishing chunk. */
  readonly usagePlace: "own-chunk" | "finish-chunk";
  /** Where the service tier is stated: everywhere, only in JSON bodies, or nowhere. */
  readonly tierPlace: "everywhere" | "json" | "nowhere";
  /** Fields of the first chunk, like `extra`. */
  firstExtra(exchange: Exchange): string;
  /** Fields besides `usage` in the finishing chunk, like `extra`. */
  finishExtra(usage: unknown, exchange: Exchange): string;
  /** Random padding of each chunk, like `extra`. */
  padding(chunk: number): string;
  usage(answer: SimulatedAnswer): unknown;
}

const WORDS: Readonly<Record<AnswerEnd, string>> = {
  stop: "stop",
  "stop-sequence": "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
};

const endOf = (answer: SimulatedAnswer): string => answer.rawEnd ?? WORDS[answer.end];

const seconds = (now: number): number => Math.floor(now / 1_000);

/** The tier as a field, like `extra`. */
function tierOf({ tierPlace }: ChatStyle, { served }: SimulatedAnswer, place: "json" | "chunk"): string {
  if (tierPlace === "nowhere" || (tierPlace === "json" && place === "chunk")) return "";
  return `,"service_tier":${JSON.stringify(served.serviceTier)}`;
}

/** A complete chat completion. */
export function chatJson(style: ChatStyle, answer: SimulatedAnswer, exchange: Exchange): string {
  const toolCalls = answer.toolCalls.map(({ id, name, arguments: text }) => ({
    id,
    type: "function",
    function: { name, arguments: text },
  }));
  const message = {
    role: "assistant",
    content: answer.text === "" && (toolCalls.length > 0 || answer.refusal !== null) ? null : answer.text,
    refusal: answer.refusal,
    ...(style.showsReasoning ? { reasoning: answer.reasoning === "" ? null : answer.reasoning } : {}),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: endOf(answer) }];
  const usage = answer.usage === null ? "" : `,"usage":${JSON.stringify(style.usage(answer))}`;
  const head = `"id":"${style.idPrefix}${answer.id}","object":"chat.completion","created":${seconds(exchange.now)}`;
  return `{${head},"model":${JSON.stringify(answer.served.model)},"choices":${JSON.stringify(choices)}${usage}${tierOf(style, answer, "json")}${style.extra}}`;
}

/** The chunks of a streamed chat completion. */
export function chatEvents(
  style: ChatStyle,
  ask: SimulatedRequest,
  answer: SimulatedAnswer,
  exchange: Exchange,
): WireEvent[] {
  const head = `data: {"id":"${style.idPrefix}${answer.id}","object":"chat.completion.chunk","created":${seconds(exchange.now)},"model":${JSON.stringify(answer.served.model)}${tierOf(style, answer, "chunk")}${style.extra}`;
  const noUsage = ask.streamUsage && style.usagePlace === "own-chunk" ? ',"usage":null' : "";
  let number = 0;
  const chunk = (delta: string, end: string | null = null, extra = noUsage): string => {
    number += 1;
    const reason = end === null ? "null" : JSON.stringify(end);
    return `${head},"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]${extra}${style.padding(number)}}\n\n`;
  };
  const events: WireEvent[] = [
    { kind: "open", text: chunk('{"role":"assistant","content":""}', null, `${noUsage}${style.firstExtra(exchange)}`) },
  ];
  if (style.showsReasoning && answer.reasoning !== null) {
    for (const piece of piecesOf(answer.reasoning)) {
      events.push({ kind: "reasoning", text: chunk(`{"reasoning":${JSON.stringify(piece)}}`) });
    }
  }
  for (const piece of piecesOf(answer.text)) {
    events.push({ kind: "part", text: chunk(`{"content":${JSON.stringify(piece)}}`) });
  }
  if (answer.refusal !== null) {
    events.push({ kind: "part", text: chunk(`{"refusal":${JSON.stringify(answer.refusal)}}`) });
  }
  for (const delta of toolDeltas(style, answer)) {
    events.push({ kind: "part", text: chunk(`{"tool_calls":[${JSON.stringify(delta)}]}`) });
  }
  const usage = answer.usage === null ? null : style.usage(answer);
  if (style.usagePlace === "finish-chunk") {
    const usageField = usage === null ? "" : `,"usage":${JSON.stringify(usage)}`;
    events.push({
      kind: "finish",
      text: chunk("{}", endOf(answer), `${usageField}${style.finishExtra(usage, exchange)}`),
    });
  } else {
    events.push({ kind: "finish", text: chunk("{}", endOf(answer)) });
    if (ask.streamUsage && usage !== null) {
      events.push({ kind: "usage", text: `${head},"choices":[],"usage":${JSON.stringify(usage)}}\n\n` });
    }
  }
  events.push({ kind: "done", text: "data: [DONE]\n\n" });
  return events;
}

function* toolDeltas(style: ChatStyle, answer: SimulatedAnswer): Generator<unknown> {
  for (const [index, { id, name, arguments: text }] of answer.toolCalls.entries()) {
    if (!style.splitsToolCalls) {
      yield { index, id, type: "function", function: { name, arguments: text } };
      continue;
    }
    yield { index, id, type: "function", function: { name, arguments: "" } };
    for (const piece of piecesOf(text)) yield { index, function: { arguments: piece } };
  }
}
