import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { FileFacts } from "./file-facts.ts";

/** A file that lines are appended to. */
export interface LineFile {
  /** Bytes so far, those that are not written yet included. */
  readonly bytes: number;
  append(line: string): Promise<void> | void;
  close(): Promise<FileFacts>;
}

/** Characters that are collected before they are written. */
const BATCH = 1 << 18;

/** Creates a file of lines and its digests. */
export async function createLineFile(path: string): Promise<LineFile> {
  const handle: FileHandle = await open(path, "w", 0o600);
  const [sha256, md5] = [createHash("sha256"), createHash("md5")];
  let waiting: string[] = [];
  let buffer = Buffer.alloc(0);
  let length = 0;
  let [lines, bytes] = [0, 0];

  async function write(): Promise<void> {
    const text = waiting.join("");
    waiting = [];
    length = 0;
    // One buffer for all batches: a new one for each would be memory that is freed late.
    if (buffer.length < text.length * 3) buffer = Buffer.allocUnsafeSlow(text.length * 3);
    const chunk = buffer.subarray(0, buffer.write(text));
    sha256.update(chunk);
    md5.update(chunk);
    await handle.write(chunk);
  }

  return {
    get bytes() {
      return bytes;
    },
    append(line) {
      waiting.push(line, "\n");
      length += line.length;
      lines += 1;
      bytes += Buffer.byteLength(line) + 1;
      return length < BATCH ? undefined : write();
    },
    async close() {
      try {
        if (waiting.length > 0) await write();
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
