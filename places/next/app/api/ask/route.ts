import { getLLM } from "../../../lib/llm";

export async function POST(request: Request) {
  const { prompt } = await request.json();
  const { text, provider } = await (await getLLM()).generateText({ prompt, abortSignal: request.signal });
  return Response.json({ text, provider });
}
