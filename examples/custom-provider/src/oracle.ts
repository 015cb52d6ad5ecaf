import {
  isRecord,
  LLMError,
  type LLMErrorCode,
  type ModelCapabilities,
  type Provider,
  UNKNOWN_USAGE,
} from "@babylon/llm-core";

const CAPABILITIES: ModelCapabilities = {
  images: false,
  files: false,
  tools: false,
  forcedToolChoice: false,
  schema: ["prompt"],
  schemaWithStreaming: true,
  schemaWithTools: false,
  sampling: false,
  seed: false,
  stopSequences: false,
  reasoningEffort: [],
  silentReasoning: true,
  assistantPrefill: false,
  contextTokens: null,
  maxOutputTokens: null,
};

const END = { finishReason: "stop", rawFinishReason: null, responseId: null, responseModel: null } as const;

/**
 * A provider for a custom wire: a local server that takes `POST /ask { "question" }` and answers `{ "answer" }`. For OpenAI's wire
 * use `openaiCompatible` instead.
 */
export function oracle(options: { readonly baseURL: string }): Provider {
  const { baseURL } = options;

  async function ask(question: string, signal: AbortSignal, callId: string): Promise<string> {
    let response: Response;
    try {
      const headers = { "content-type": "application/json", "x-client-request-id": callId };
      response = await fetch(`${baseURL}/ask`, { method: "POST", headers, body: JSON.stringify({ question }), signal });
    } catch (cause) {
      // The chain owns timeouts and aborts: rethrow its abort reason unchanged.
      signal.throwIfAborted();
      throw fail("network", "the oracle cannot be reached", null, cause);
    }
    if (!response.ok) throw fail(codeOf(response.status), `the oracle answered ${response.status}`, response.status);
    const body: unknown = await response.json().catch(() => null);
    if (isRecord(body) && typeof body.answer === "string" && body.answer !== "") return body.answer;
    throw fail("invalid_response", "the oracle spoke in riddles", response.status);
  }

  return {
    spec: 1,
    id: "oracle",
    name: "Oracle",
    envKey: null,
    envModel: null,
    envBaseURL: null,
    defaultModel: "pythia-1",
    models: [],
    retired: {},
    capabilities: () => CAPABILITIES,
    isConfigured: () => true,

    async generate({ messages }, { signal, callId }) {
      const text = await ask(questionOf(messages.at(-1)?.content), signal, callId);
      return { text, reasoning: [], toolCalls: [], usage: UNKNOWN_USAGE, ...END };
    },

    async *stream({ messages }, { signal, callId }) {
      yield { type: "text", text: await ask(questionOf(messages.at(-1)?.content), signal, callId) };
      yield { type: "finish", ...END };
    },
  };
}

/** The adapter sets the code, because it knows the vendor's errors; the chain decides what follows. */
function codeOf(status: number): LLMErrorCode {
  if (status === 429) return "rate_limit";
  if (status === 401) return "auth";
  return status >= 500 ? "server" : "invalid_request";
}

function fail(code: LLMErrorCode, message: string, status: number | null, cause?: unknown): LLMError {
  return new LLMError({ code, message, status, cause, provider: "oracle" });
}

function questionOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts: readonly unknown[] = Array.isArray(content) ? content : [];
  return parts.flatMap((part) => (isRecord(part) && typeof part.text === "string" ? [part.text] : [])).join("\n");
}
