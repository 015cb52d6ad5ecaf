import type { IncomingMessage } from "node:http";
import { requestBody } from "./request-body.ts";

/** The additions of Express: the path before a router removed its prefix, and the parsed body. */
interface ExpressFields {
  readonly originalUrl?: unknown;
  readonly body?: unknown;
}

const HOST = /^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i;
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * A request of `node:http` as the web's.
 *
 * @returns `null` for what the web has no request for: a method such as TRACE, a `Host` that is none
 */
export function toRequest(incoming: IncomingMessage & ExpressFields, signal: AbortSignal): Request | null {
  const { method = "GET" } = incoming;
  const url = urlOf(incoming);
  if (url === null || /^(?:CONNECT|TRACE|TRACK)$/i.test(method)) return null;
  const headers = headersOf(incoming);
  if (BODILESS.has(method)) return new Request(url, { method, headers, signal });
  if (!incoming.readableDidRead) {
    // Fetch requires `duplex` for a body that may still arrive while the response is sent.
    const streaming: RequestInit & { duplex: "half" } = {
      method,
      headers,
      signal,
      body: requestBody(incoming),
      duplex: "half",
    };
    return new Request(url, streaming);
  }
  // The parser has unpacked it.
  for (const name of ["content-length", "content-encoding", "transfer-encoding"]) headers.delete(name);
  return new Request(url, { method, headers, signal, body: parsedBody(incoming.body) });
}

function urlOf({ url = "/", headers, socket, originalUrl }: IncomingMessage & ExpressFields): URL | null {
  const target = typeof originalUrl === "string" ? originalUrl : url;
  // HTTP/1.0 needs no Host, HTTP/2 has it under another name.
  const host = headers.host ?? headers[":authority"] ?? "localhost";
  if (typeof host !== "string" || !HOST.test(host)) return null;
  const origin = `${"encrypted" in socket ? "https" : "http"}://${host}`;
  if (target.startsWith("/")) return parseUrl(origin + target);
  // A request line may hold a whole URL, and `*`.
  const whole = parseUrl(target);
  return parseUrl(whole === null ? origin : origin + whole.pathname + whole.search);
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (!name.startsWith(":")) headers.append(name, rawHeaders[index + 1] ?? "");
  }
  return headers;
}

function parsedBody(body: unknown): string | Uint8Array<ArrayBuffer> | null {
  if (body === undefined) return null;
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}
