import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";

/** Size and digests of a file. */
export interface FileFacts {
  readonly lines: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Base64, as W&B's manifests have it. */
  readonly md5: string;
}

/** A file that lines are appended to. */
export interface LineFile {
  /** Bytes so far, those that are not written yet included. */
  readonly bytes: number;
  append(line: string): Promise<void> | void;
  close(): Promise<FileFacts>;
}

/** Bytes that are collected before they are written. */
const BATCH = 1 << 17;
/** The most bytes of UTF-8 for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;
const LINE_FEED = 10;

/** Creates a file of lines and its digests. */
export async function createLineFile(path: string): Promise<LineFile> {
  const handle: FileHandle = await open(path, "w", 0o600);
  const [sha256, md5] = [createHash("sha256"), createHash("md5")];
  // Lines are encoded at once: strings that wait would outlive a collection, and the young generation of the heap grows with what survives.
  let buffer = Buffer.allocUnsafeSlow(BATCH);
  let used = 0;
  let [lines, bytes] = [0, 0];

  async function flush(): Promise<void> {
    const chunk = buffer.subarray(0, used);
    used = 0;
    sha256.update(chunk);
    md5.update(chunk);
    await handle.writeFile(chunk);
  }

  function put(line: string): void {
    const most = line.length * BYTES_PER_UNIT + 1;
    if (most > buffer.length) buffer = Buffer.allocUnsafeSlow(most);
    const size = buffer.write(line, used) + 1;
    buffer[used + size - 1] = LINE_FEED;
    used += size;
    lines += 1;
    bytes += size;
  }

  return {
    get bytes() {
      return bytes;
    },
    append(line) {
      const isFull = used + line.length * BYTES_PER_UNIT + 1 > buffer.length;
      if (!isFull || used === 0) return put(line);
      return flush().then(() => put(line));
    },
    async close() {
      try {
        if (used > 0) await flush();
        return { lines, bytes, sha256: sha256.digest("hex"), md5: md5.digest("base64") };
      } finally {
        await handle.close();
      }
    },
  };
}

/** Size and digests of a file that exists. */
export async function factsOfFile(path: string): Promise<FileFacts> {
  const [sha256, md5] = [createHash("sha256"), createHash("md5")];
  let [lines, bytes] = [0, 0];
  for await (const chunk of createReadStream(path)) {
    // A stream without an encoding has buffers.
    const buffer = chunk as Buffer;
    sha256.update(buffer);
    md5.update(buffer);
    bytes += buffer.length;
    for (let at = buffer.indexOf(10); at !== -1; at = buffer.indexOf(10, at + 1)) lines += 1;
  }
  return { lines, bytes, sha256: sha256.digest("hex"), md5: md5.digest("base64") };
}

/** The lines of a file. */
export async function* linesOfFile(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, { encoding: "utf8" });
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) yield line;
  } finally {
    stream.destroy();
  }
}
