import { authorizeBearer, createAdminHandler } from "@babylon/admin-api";
import { getLLM } from "../../../../../lib/llm";

let handling: Promise<(request: Request) => Promise<Response>> | null = null;

async function openHandler() {
  const llm = await getLLM();
  return createAdminHandler({ llm, settings: llm.settings, authorize: authorizeBearer(process.env.ADMIN_TOKEN ?? "") });
}

async function handle(request: Request) {
  handling ??= openHandler();
  return (await handling)(request);
}

export { handle as GET, handle as POST, handle as PUT };
