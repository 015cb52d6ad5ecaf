import { authorizeBearer, createAdminHandler } from "@babylon/admin-api";

/** The service as a function of the web's `Request`: three routes that call a model, and the admin routes. */
export function createApp(llm) {
  const admin = createAdminHandler({
    llm,
    settings: llm.settings,
    authorize: authorizeBearer(process.env.ADMIN_TOKEN ?? ""),
  });
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith("/api/") || pathname.startsWith("/api/admin/")) return admin(request);
    const { prompt } = await request.json();
    const call = { prompt, abortSignal: request.signal };
    if (pathname === "/api/chat") return llm.streamText(call).toTextResponse();
    if (pathname === "/api/events") return llm.streamText(call).toEventStreamResponse();
    const { text, provider } = await llm.generateText(call);
    return Response.json({ text, provider });
  };
}
