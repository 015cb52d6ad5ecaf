/** The number of text chunks of a stream in one burst. */
export const CHUNKS = 2_000;

/** The number of text chunks of a paced stream. */
export const PACED_CHUNKS = 50;

/** The text of one chunk. */
export const PIECE = " token";

/** The answer to every call without streaming. */
export const ANSWER = "The market leans towards yes, by a margin that has held for three days.";

/** The prepared replies of one vendor's wire. */
export interface Wire {
  readonly json: string;
  readonly error: string;
  readonly begin: string;
  readonly chunk: string;
  readonly end: string;
}

const sse = (data: unknown, event?: string): string =>
  `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

const openaiChunk = (delta: object, finishReason: string | null): string =>
  sse({
    id: "chatcmpl-CfTx0aBcDeFgHiJkLmNoPqRsTuVw",
    object: "chat.completion.chunk",
    created: 1_795_000_000,
    model: "gpt-6-luna",
    service_tier: "default",
    system_fingerprint: "fp_50cad350e4",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  });

const openaiUsage = {
  prompt_tokens: 24,
  completion_tokens: 18,
  total_tokens: 42,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
};

/** Chat completions. */
export const OPENAI: Wire = {
  json: JSON.stringify({
    id: "chatcmpl-CfTx0aBcDeFgHiJkLmNoPqRsTuVw",
    object: "chat.completion",
    created: 1_795_000_000,
    model: "gpt-6-luna",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: ANSWER, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: openaiUsage,
    service_tier: "default",
    system_fingerprint: "fp_50cad350e4",
  }),
  error: JSON.stringify({
    error: { message: "The server had an error.", type: "server_error", param: null, code: null },
  }),
  begin: openaiChunk({ role: "assistant", content: "", refusal: null }, null),
  chunk: openaiChunk({ content: PIECE }, null),
  end:
    openaiChunk({}, "stop") +
    sse({
      id: "chatcmpl-CfTx0aBcDeFgHiJkLmNoPqRsTuVw",
      object: "chat.completion.chunk",
      created: 1_795_000_000,
      model: "gpt-6-luna",
      choices: [],
      usage: openaiUsage,
    }) +
    sse("[DONE]"),
};

const claudeUsage = {
  input_tokens: 24,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 18,
  service_tier: "standard",
};

/** Claude's messages. */
export const CLAUDE: Wire = {
  json: JSON.stringify({
    id: "msg_01XFDUDYJgAACzvnptvVoYEL",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-5-5",
    content: [{ type: "text", text: ANSWER }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: claudeUsage,
  }),
  error: JSON.stringify({ type: "error", error: { type: "api_error", message: "Internal server error" } }),
  begin:
    sse(
      {
        type: "message_start",
        message: {
          id: "msg_01XFDUDYJgAACzvnptvVoYEL",
          type: "message",
          role: "assistant",
          model: "claude-sonnet-5-5",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { ...claudeUsage, output_tokens: 1 },
        },
      },
      "message_start",
    ) +
    sse({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }, "content_block_start"),
  chunk: sse(
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: PIECE } },
    "content_block_delta",
  ),
  end:
    sse({ type: "content_block_stop", index: 0 }, "content_block_stop") +
    sse(
      { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 18 } },
      "message_delta",
    ) +
    sse({ type: "message_stop" }, "message_stop"),
};
