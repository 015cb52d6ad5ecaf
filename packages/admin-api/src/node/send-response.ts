import { once } from "node:events";
import type { ServerResponse } from "node:http";

/** Sends a response as it arrives, no faster than the client receives it. Rejects when its body fails. */
export async function sendResponse(response: Response, outgoing: ServerResponse, leaving: AbortSignal): Promise<void> {
  const { status, statusText, headers, body } = response;
  outgoing.statusCode = status;
  if (statusText !== "") outgoing.statusMessage = statusText;
  for (const [name, value] of headers) if (name !== "set-cookie") outgoing.setHeader(name, value);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  if (body === null || outgoing.req.method === "HEAD" || leaving.aborted) {
    await body?.cancel();
    outgoing.end();
    return;
  }
  // The first piece may take its time.
  outgoing.flushHeaders();
  const reader = body.getReader();
  const onLeave = () => void reader.cancel().catch(() => {});
  leaving.addEventListener("abort", onLeave, { once: true });
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (!outgoing.write(piece.value)) await once(outgoing, "drain", { signal: leaving });
    }
    outgoing.end();
  } catch (thrown) {
    if (!leaving.aborted) throw thrown;
  } finally {
    leaving.removeEventListener("abort", onLeave);
  }
}
