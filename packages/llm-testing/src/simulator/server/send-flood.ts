import type { ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";
import type { Flood } from "../fault/delivery.ts";

/** Sends the same text again and again, as fast as the client takes it, until it leaves. */
export async function sendFlood(response: ServerResponse, { first, text, bytes, gzip }: Flood): Promise<void> {
  const out = gzip ? compressedTo(response) : response;
  out.write(first);
  for (let sent = 0; sent < bytes && !response.closed && !response.destroyed; sent += text.length) {
    if (!out.write(text)) await takenOrClosed(out, response);
  }
  out.end();
}

function compressedTo(response: ServerResponse): Writable {
  const gzip = createGzip();
  gzip.pipe(response);
  response.once("close", () => gzip.destroy());
  // What is written after the client has left.
  gzip.on("error", () => {});
  return gzip;
}

function takenOrClosed(out: Writable, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      out.off("drain", done);
      response.off("close", done);
      resolve();
    };
    out.on("drain", done);
    response.on("close", done);
  });
}
