import { createBabylonLLM } from "@babylon/llm/without-stores";

/** One client for all requests: keys come with the first one. */
let opening;

export default {
  async fetch(request, env) {
    opening ??= createBabylonLLM({ env, settings: {} });
    const llm = await opening;
    const { prompt } = await request.json();
    const { pathname } = new URL(request.url);
    if (pathname === "/api/chat") return llm.streamText({ prompt }).toTextResponse();
    if (pathname === "/api/events") return llm.streamText({ prompt }).toEventStreamResponse();
    const { text, provider } = await llm.generateText({ prompt });
    return Response.json({ text, provider });
  },
};
