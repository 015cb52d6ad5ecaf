import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as the server got it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** A server on loopback that lives as long as the test. */
export interface TestServer {
  readonly url: string;
  readonly received: ReceivedRequest[];
  /** Resolves when the connection of a request was closed by the other side before the reply was over. */
  readonly abandoned: Promise<void>;
}

/** Answers every request with the given function, which has the whole request. */
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
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received, abandoned };
}

/** An address on loopback where nobody listens any more. */
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

/** The head of an event stream. */
export function beginStream(response: ServerResponse, headers: Record<string, string> = {}): ServerResponse {
  return response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "request-id": "req_s",
    ...headers,
  });
}

/** A whole JSON reply. */
export function sendJSON(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_j", ...headers });
  response.end(text);
}
