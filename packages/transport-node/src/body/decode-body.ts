import type { ByteLimit } from "@babylon/provider-kit";
import { builtIn, type Decoder, type Zlib } from "../built-in.ts";
import { ReadAhead } from "./read-ahead.ts";

type Bytes = AsyncIterable<Uint8Array>;

/** Creates the decoder of a coding; the first chunk decides between formats with the same name. */
type CreateDecoder = (zlib: Zlib, first: Uint8Array) => Decoder;

/** Output is flushed at once. As in `fetch`, a truncated stream is not an error of the decoder; the reader of the text detects it. */
const plainOptions = ({ constants }: Zlib): object => ({
  flush: constants.Z_SYNC_FLUSH,
  finishFlush: constants.Z_SYNC_FLUSH,
});

const gunzip: CreateDecoder = (zlib) => zlib.createGunzip(plainOptions(zlib));

const DECODERS: ReadonlyMap<string, CreateDecoder> = new Map<string, CreateDecoder>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  [
    "deflate",
    // RFC 9110 defines it as the zlib format; some servers send raw deflate. The low four bits of a zlib stream's first byte are always 8.
    (zlib, [first = 0]) =>
      (first & 0x0f) === 0x08 ? zlib.createInflate(plainOptions(zlib)) : zlib.createInflateRaw(plainOptions(zlib)),
  ],
  [
    "br",
    (zlib) => {
      const flush = zlib.constants.BROTLI_OPERATION_FLUSH;
      return zlib.createBrotliDecompress({ flush, finishFlush: flush });
    },
  ],
  [
    "zstd",
    (zlib) => {
      const flush = zlib.constants.ZSTD_e_flush;
      return zlib.createZstdDecompress({ flush, finishFlush: flush });
    },
  ],
]);

/** Each coding costs a decoder, and a header could name hundreds; servers use one or two. */
const MAX_CODINGS = 4;

/**
 * Decodes a body by its `content-encoding`; returns the body unchanged when a coding is unknown or there are more than four. Each chunk is
 * decoded as it arrives, so events are not delayed.
 *
 * @param limit - of the output of each decoder; beyond it the body is canceled and reads fail with a `BodyTooLargeError`
 */
export function decodeBody(body: Bytes, contentEncoding: string, limit: ByteLimit): Bytes {
  const codings = contentEncoding.split(",").map((coding) => coding.trim().toLowerCase());
  const makers = codings
    .filter((coding) => coding !== "" && coding !== "identity")
    .map((coding) => DECODERS.get(coding));
  const areKnown = makers.length <= MAX_CODINGS && makers.every((make) => make !== undefined);
  // The coding that was applied last is decoded first.
  return areKnown ? makers.reduceRight((encoded, make) => decodeWith(encoded, make, limit), body) : body;
}

function decodeWith(body: Bytes, make: CreateDecoder, limit: ByteLimit): Bytes {
  return { [Symbol.asyncIterator]: () => decode(body[Symbol.asyncIterator](), make, limit) };
}

function decode(
  pieces: AsyncIterator<Uint8Array>,
  make: CreateDecoder,
  limit: ByteLimit,
): AsyncIterator<Uint8Array, undefined> {
  let decoder: Decoder | null = null;
  const source = {
    resume: () => decoder?.resume(),
    close() {
      decoder?.destroy();
      pieces.return?.().catch(() => {});
    },
  };
  const queue = new ReadAhead(source, limit);

  function open(first: Uint8Array): Decoder {
    const opened = make(builtIn("node:zlib"), first);
    opened.on("data", (piece) => {
      if (!queue.push(piece)) opened.pause();
    });
    opened.on("end", () => queue.end());
    opened.on("error", (error) => {
      queue.fail(error);
      // The rest of the body cannot be decoded.
      pieces.return?.().catch(() => {});
    });
    return opened;
  }

  async function pump(): Promise<void> {
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) break;
      decoder ??= open(value);
      if (!decoder.write(value)) await untilDrained(decoder);
    }
    if (decoder === null) queue.end();
    else decoder.end();
  }

  pump().catch((error: unknown) => {
    queue.fail(error);
    decoder?.destroy();
  });
  return queue;
}

/** Never settles after the decoder was destroyed; its reader is closed by then. */
function untilDrained(decoder: Decoder): Promise<void> {
  return new Promise((resolve) => decoder.once("drain", resolve));
}
