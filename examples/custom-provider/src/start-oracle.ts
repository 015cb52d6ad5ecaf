import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** The oracle itself: a server on loopback that answers every question in the same way. */
export async function startOracle(): Promise<{ readonly baseURL: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const { question = "" }: { question?: string } = JSON.parse(await text(request));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ answer: `You ask "${question}" The tide knows.` }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
