import type { ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";
import type { Flood } from "../fault/delivery.ts";

/** Sends a text repeatedly, as fast as the client reads it, until the client disconnects. */
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
  // Writes after the client has disconnected fail.
  gzip.on("error", () => {});
  return gzip;
}

function takenOrClosed(out: Writable, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      out.off("drain", settle);
      response.off("close", settle);
      resolve();
    };
    out.on("drain", settle);
    response.on("close", settle);
  });
}
