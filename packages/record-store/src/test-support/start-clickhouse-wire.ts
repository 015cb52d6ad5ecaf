import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

/** A request as it arrived. */
export interface WireRequest {
  readonly method: string;
  /** Of the query string. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The path with the query string. */
  readonly target: string;
  /** Resolves when the client has closed the connection before a reply. */
  readonly closed: Promise<void>;
}

/** A reply; `reset` closes the connection instead, `hang` sends nothing, `cut` closes it after the body. */
export interface WireReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly end?: "reset" | "hang" | "cut";
}

/** A server that plays replies of ClickHouse's HTTP interface, and keeps what was sent. It knows no SQL. */
export interface ClickhouseWire {
  /** `clickhouse+http://` with a user, a password and the database `logs`. */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly WireRequest[];
  /** What follows a request; the first reply that is not `undefined` counts, the latest function first. */
  answer(reply: (request: WireRequest) => WireReply | undefined): void;
  stop(): Promise<void>;
}

/** The statement of a request. */
export const statementOf = ({ parameters, body }: WireRequest): string => parameters.query ?? body;

/** A result of rows in the format JSONCompact. */
export const resultOf = (...data: readonly (readonly unknown[])[]): WireReply => ({
  body: JSON.stringify({ meta: [], data, rows: data.length }),
});

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Starts one. Without other replies inserts succeed and queries have no rows. */
export async function startClickhouseWire(): Promise<ClickhouseWire> {
  const requests: WireRequest[] = [];
  const replies: ((request: WireRequest) => WireReply | undefined)[] = [
    ({ parameters }) => (parameters.query === undefined ? resultOf() : { body: "" }),
  ];
  const server = createServer(async (incoming, outgoing) => {
    const closed = new Promise<void>((resolve) => outgoing.once("close", () => resolve()));
    const target = incoming.url ?? "";
    const request = {
      method: incoming.method ?? "",
      parameters: Object.fromEntries(new URL(target, "http://wire").searchParams),
      headers: incoming.headers,
      body: await read(incoming),
      target,
      closed,
    };
    requests.push(request);
    const reply = replies.reduceRight<WireReply | undefined>((found, next) => found ?? next(request), undefined) ?? {};
    if (reply.end === "hang") return;
    if (reply.end === "reset") {
      incoming.socket.resetAndDestroy();
      return;
    }
    outgoing.writeHead(reply.status ?? 200, reply.headers);
    outgoing.write(reply.body ?? "");
    if (reply.end === "cut") setImmediate(() => incoming.socket.destroy());
    else outgoing.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `clickhouse+http://writer:secret%20key@127.0.0.1:${port}/logs`,
    port,
    requests,
    answer: (reply) => void replies.push(reply),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
