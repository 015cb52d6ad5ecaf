import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request that the server received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** A server on loopback that is closed after the test. */
export interface TestServer {
  readonly url: string;
  readonly received: ReceivedRequest[];
  /** Resolves when the client closed the connection of a request before the end of the reply. */
  readonly abandoned: Promise<void>;
}

/** Starts a server that answers every complete request with the given function. */
export async function serve(answer: (response: ServerResponse, request: ReceivedRequest) => void): Promise<TestServer> {
  const received: ReceivedRequest[] = [];
  let abandon: () => void = () => {};
  const abandoned = new Promise<void>((resolve) => {
    abandon = resolve;
  });
  const server = createServer((incoming, response) => {
    response.on("close", () => {
      if (!response.writableFinished) abandon();
    });
    void read(incoming).then((request) => {
      received.push(request);
      answer(response, request);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received, abandoned };
}

/** A URL on loopback without a server. */
export async function closedURL(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

async function read(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  return {
    method: incoming.method ?? "",
    url: incoming.url ?? "",
    headers: incoming.headers,
    body: text === "" ? null : JSON.parse(text),
  };
}

/** Sends the head of an event stream. */
export function beginStream(response: ServerResponse, headers: Record<string, string> = {}): ServerResponse {
  return response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "request-id": "req_s",
    ...headers,
  });
}

/** Sends a complete JSON reply. */
export function sendJSON(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_j", ...headers });
  response.end(text);
}
