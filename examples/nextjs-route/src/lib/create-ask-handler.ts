import { isLLMError } from "@babylon/llm";
import type { LLMClient } from "@babylon/llm-core";

/** The methods of a client that the route uses. */
export type AskClient = Pick<LLMClient, "streamText">;

const LONGEST_PROMPT = 4_000;

/**
 * A route handler that takes `{ "prompt" }` and streams the answer as plain text. A disconnect cancels the call. A failure
 * before the first text is a status; a later one breaks the body off, so that a partial answer does not look complete.
 */
export function createAskHandler(getLLM: () => Promise<AskClient>): (request: Request) => Promise<Response> {
  return async (request) => {
    const prompt = await readPrompt(request);
    if (prompt === null) return Response.json({ error: `expected { "prompt": "..." }` }, { status: 400 });
    const llm = await getLLM();
    const text = llm.streamText({ prompt, purpose: "ask", abortSignal: request.signal }).textStream;
    const reader = text[Symbol.asyncIterator]();
    try {
      const first = await reader.next();
      return new Response(toBody(reader, first), {
        headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
      });
    } catch (thrown) {
      // The message may be shown: errors hold neither keys nor prompts.
      const { code, message } = isLLMError(thrown) ? thrown : { code: "unexpected", message: "something went wrong" };
      return Response.json({ error: message, code }, { status: code === "no_provider" ? 503 : 502 });
    }
  };
}

async function readPrompt(request: Request): Promise<string | null> {
  const body: unknown = await request.json().catch(() => null);
  if (typeof body !== "object" || body === null || !("prompt" in body)) return null;
  const { prompt } = body;
  return typeof prompt === "string" && prompt !== "" && prompt.length <= LONGEST_PROMPT ? prompt : null;
}

function toBody(reader: AsyncIterator<string>, first: IteratorResult<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = first;
  return new ReadableStream({
    async pull(controller) {
      if (next.done === true) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      next = await reader.next();
    },
    async cancel() {
      await reader.return?.();
    },
  });
}
