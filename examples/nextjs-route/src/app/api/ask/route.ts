import { createAskHandler } from "../../../lib/create-ask-handler.ts";
import { getLLM } from "../../../lib/llm.ts";

/** The client keeps connections and settings, so it requires the Node runtime, not the edge. */
export const runtime = "nodejs";
/** Responses are not cached. */
export const dynamic = "force-dynamic";

/** `POST /api/ask` with `{ "prompt" }`. */
export const POST: (request: Request) => Promise<Response> = createAskHandler(getLLM);
