const { createServer } = require("node:http");
const { authorizeBearer, createAdminHandler } = require("@babylon/admin-api");
const { toNodeHandler } = require("@babylon/admin-api/node");
const { createBabylonLLM } = require("@babylon/llm");

async function main() {
  const llm = await createBabylonLLM();
  const authorize = authorizeBearer(process.env.ADMIN_TOKEN ?? "");
  const admin = createAdminHandler({ llm, settings: llm.settings, authorize });

  async function serve(request) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/api/admin/")) return admin(request);
    const { prompt } = await request.json();
    const call = { prompt, abortSignal: request.signal };
    if (pathname === "/api/chat") return llm.streamText(call).toTextResponse();
    if (pathname === "/api/events") return llm.streamText(call).toEventStreamResponse();
    const { text, provider } = await llm.generateText(call);
    return Response.json({ text, provider });
  }

  const server = createServer(toNodeHandler(serve));
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
  process.once("SIGTERM", () => server.close(() => llm.close()));
}

main();
