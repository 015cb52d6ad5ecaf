import { authorizeBearer, createAdminHandler } from "@babylon/admin-api";
import { getLLM } from "../../../../../lib/llm.ts";

/** The settings store requires Node: files, sockets. */
export const runtime = "nodejs";
/** The response is never cached at build time. */
export const dynamic = "force-dynamic";

let handling: Promise<(request: Request) => Promise<Response>> | null = null;

async function openHandler(): Promise<(request: Request) => Promise<Response>> {
  const authorize = authorizeBearer({ admin: process.env.ADMIN_TOKEN ?? "" });
  const llm = await getLLM();
  return createAdminHandler({ llm, settings: llm.settings, authorize, logger: console });
}

async function handle(request: Request): Promise<Response> {
  handling ??= openHandler();
  try {
    return await (await handling)(request);
  } catch (error) {
    handling = null;
    console.error("the admin routes could not be opened", error);
    return Response.json(
      { success: false, error: "the admin routes are not ready", code: "internal" },
      { status: 500 },
    );
  }
}

export { handle as GET, handle as POST, handle as PUT };
