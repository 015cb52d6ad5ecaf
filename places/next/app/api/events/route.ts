import { getLLM } from "../../../lib/llm";

export async function POST(request: Request) {
  const { prompt } = await request.json();
  return (await getLLM()).streamText({ prompt, abortSignal: request.signal }).toEventStreamResponse();
}
