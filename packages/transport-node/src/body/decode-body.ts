import type { ByteLimit } from "@babylon/provider-kit";
import { builtIn, type Decoder, type Zlib } from "../built-in.ts";
import { createByteQueue } from "./byte-queue.ts";

type Bytes = AsyncIterable<Uint8Array>;

/** Makes the decoder of a coding; the first piece tells apart what servers call by the same name. */
type CreateDecoder = (zlib: Zlib, first: Uint8Array) => Decoder;

/** Whatever is there comes out at once, and an end without the coding's own end is judged by who reads the text, as `fetch` does it. */
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
    // RFC 9110 means zlib's format; some servers send the bare one. Of zlib's first byte the lower half is always 8.
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

/** More than anyone applies; each one costs a decoder, and a header has room for hundreds. */
const MAX_CODINGS = 4;

/**
 * The content of a body that was sent with this `content-encoding`; the body itself when a coding is unknown or there are more than
 * four. What has arrived is decoded without waiting for more, so events are not held up.
 *
 * @param limit - of what comes out of each decoder: with more, the body is left, and reads fail with a `BodyTooLargeError`
 */
export function decodeBody(body: Bytes, contentEncoding: string, limit: ByteLimit): Bytes {
  const codings = contentEncoding.split(",").map((coding) => coding.trim().toLowerCase());
  const makers = codings
    .filter((coding) => coding !== "" && coding !== "identity")
    .map((coding) => DECODERS.get(coding));
  const areKnown = makers.length <= MAX_CODINGS && makers.every((make) => make !== undefined);
  // The last one was applied last, so it comes off first.
  return areKnown ? makers.reduceRight((sent, make) => through(sent, make, limit), body) : body;
}

function through(body: Bytes, make: CreateDecoder, limit: ByteLimit): Bytes {
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
  const queue = createByteQueue(source, limit);

  function open(first: Uint8Array): Decoder {
    const opened = make(builtIn("node:zlib"), first);
    opened.on("data", (piece) => {
      if (!queue.push(piece)) opened.pause();
    });
    opened.on("end", queue.end);
    opened.on("error", (error) => {
      queue.fail(error);
      // Nothing that follows can be read.
      pieces.return?.().catch(() => {});
    });
    return opened;
  }

  async function pump(): Promise<void> {
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) break;
      decoder ??= open(value);
      if (!decoder.write(value)) await drained(decoder);
    }
    if (decoder === null) queue.end();
    else decoder.end();
  }

  pump().catch((error: unknown) => {
    queue.fail(error);
    decoder?.destroy();
  });
  return queue.reader;
}

/** Never settles for a decoder that is destroyed: then nobody waits any more. */
function drained(decoder: Decoder): Promise<void> {
  return new Promise((resolve) => decoder.once("drain", resolve));
}
