import { piecesOf } from "../answer/pieces.ts";
import type { AnswerEnd, AnswerUsage, SimulatedAnswer, SimulatedRequest } from "../answer/simulated-request.ts";
import type { WireEvent } from "../provider-wire.ts";
import { signThinking } from "./thinking-signature.ts";

const WORDS: Readonly<Record<AnswerEnd, string>> = {
  stop: "end_turn",
  "stop-sequence": "stop_sequence",
  length: "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
};

/** Anthropic counts cached tokens separately. */
const inputUsage = (usage: AnswerUsage): Record<string, unknown> => ({
  input_tokens: usage.inputTokens - usage.cachedTokens - usage.cacheWriteTokens,
  cache_creation_input_tokens: usage.cacheWriteTokens,
  cache_read_input_tokens: usage.cachedTokens,
});

const outputUsage = (usage: AnswerUsage): Record<string, unknown> => ({
  output_tokens: usage.outputTokens,
  output_tokens_details: { thinking_tokens: usage.reasoningTokens },
  server_tool_use: usage.webSearches === 0 ? null : { web_search_requests: usage.webSearches, web_fetch_requests: 0 },
});

const restOfUsage = (
  { cacheWriteTokens, longCacheWriteTokens }: AnswerUsage,
  { served }: SimulatedAnswer,
): Record<string, unknown> => ({
  cache_creation: {
    ephemeral_5m_input_tokens: cacheWriteTokens - longCacheWriteTokens,
    ephemeral_1h_input_tokens: longCacheWriteTokens,
  },
  service_tier: served.serviceTier,
  speed: served.speed,
  inference_geo: served.region,
});

const ending = (answer: SimulatedAnswer): Record<string, unknown> => ({
  stop_reason: answer.rawEnd ?? WORDS[answer.end],
  stop_sequence: answer.stopSequence,
  stop_details:
    answer.end === "content-filter"
      ? { type: "refusal", category: "general_harms", explanation: answer.refusal ?? "This request was declined." }
      : null,
});

/** A whole message. */
export function messageJson(ask: SimulatedRequest, answer: SimulatedAnswer): string {
  const content: unknown[] = [];
  if (answer.reasoning !== null) {
    const signature = signThinking(ask.model, answer.reasoning);
    content.push({ type: "thinking", thinking: answer.reasoning, signature });
  }
  if (answer.text !== "") content.push({ type: "text", text: answer.text, citations: null });
  for (const call of answer.toolCalls) {
    content.push({
      type: "tool_use",
      id: toolId(call.id),
      name: call.name,
      input: inputOf(call.arguments),
      caller: { type: "direct" },
    });
  }
  const usage =
    answer.usage === null
      ? {}
      : { usage: { ...inputUsage(answer.usage), ...outputUsage(answer.usage), ...restOfUsage(answer.usage, answer) } };
  return JSON.stringify({ ...head(answer), content, ...ending(answer), ...usage });
}

const head = (answer: SimulatedAnswer): Record<string, unknown> => ({
  id: `msg_${answer.id}`,
  type: "message",
  role: "assistant",
  model: answer.served.model,
  container: null,
});

const toolId = (id: string): string => id.replace(/^call_/, "toolu_");

/** Parses the input as the vendor does. Scripted input that is not JSON is sent as a string. */
function inputOf(text: string): unknown {
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch {
    return text;
  }
}

const event = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`;

/** The events of a streamed message. */
export function messageEvents(ask: SimulatedRequest, answer: SimulatedAnswer): WireEvent[] {
  const started = {
    ...head(answer),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    ...(answer.usage === null
      ? {}
      : { usage: { ...inputUsage(answer.usage), output_tokens: 1, ...restOfUsage(answer.usage, answer) } }),
  };
  const events: WireEvent[] = [
    { kind: "open", text: event("message_start", JSON.stringify({ type: "message_start", message: started })) },
  ];
  let index = 0;
  const block = (
    opening: unknown,
    deltas: readonly { readonly delta: string; readonly kind: WireEvent["kind"] }[],
  ): void => {
    const start = `{"type":"content_block_start","index":${index},"content_block":${JSON.stringify(opening)}}`;
    events.push({ kind: index === 0 ? "open" : "frame", text: event("content_block_start", start) });
    for (const { delta, kind } of deltas) {
      events.push({
        kind,
        text: event("content_block_delta", `{"type":"content_block_delta","index":${index},"delta":${delta}}`),
      });
    }
    events.push({ kind: "frame", text: event("content_block_stop", `{"type":"content_block_stop","index":${index}}`) });
    index += 1;
  };
  if (answer.reasoning !== null) {
    const signature = `{"type":"signature_delta","signature":${JSON.stringify(signThinking(ask.model, answer.reasoning))}}`;
    const pieces = piecesOf(answer.reasoning).map((piece) => ({
      delta: `{"type":"thinking_delta","thinking":${JSON.stringify(piece)}}`,
      kind: "reasoning" as const,
    }));
    block({ type: "thinking", thinking: "", signature: "" }, [...pieces, { delta: signature, kind: "frame" }]);
  }
  if (answer.text !== "") {
    const pieces = piecesOf(answer.text).map((piece) => ({
      delta: `{"type":"text_delta","text":${JSON.stringify(piece)}}`,
      kind: "part" as const,
    }));
    block({ type: "text", text: "", citations: null }, pieces);
    // Anthropic sends pings at any time.
    events.splice(2, 0, { kind: "frame", text: PING });
  }
  for (const call of answer.toolCalls) {
    const pieces = ["", ...piecesOf(call.arguments)].map((piece) => ({
      delta: `{"type":"input_json_delta","partial_json":${JSON.stringify(piece)}}`,
      kind: "part" as const,
    }));
    block({ type: "tool_use", id: toolId(call.id), name: call.name, input: {}, caller: { type: "direct" } }, pieces);
  }
  const usage =
    answer.usage === null
      ? ""
      : `,"usage":${JSON.stringify({ ...inputUsage(answer.usage), ...outputUsage(answer.usage) })}`;
  const delta = `{"type":"message_delta","delta":${JSON.stringify({ container: null, ...ending(answer) })}${usage}}`;
  events.push({ kind: "finish", text: event("message_delta", delta) });
  events.push({ kind: "done", text: event("message_stop", '{"type":"message_stop"}') });
  return events;
}

/** A keep-alive event without content. */
export const PING: string = event("ping", '{"type":"ping"}');
