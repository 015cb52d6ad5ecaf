/** Writes numbers and texts to bytes. */
export interface ByteWriter {
  /** A whole number from 0 to 2^53. */
  number(value: number): void;
  text(value: string): void;
  /** Bytes with their number before them. */
  block(bytes: Uint8Array): void;
  /** A copy of what was written. */
  bytes(): Uint8Array;
}

/** Reads what a {@link ByteWriter} wrote. Throws a `RangeError` at the end of the bytes. */
export interface ByteReader {
  number(): number;
  text(): string;
  /** Passes over bytes. */
  skip(bytes: number): void;
  isAtEnd(): boolean;
}

/** Creates an empty writer. Numbers take 7 bits a byte. */
export function createByteWriter(): ByteWriter {
  let buffer = Buffer.allocUnsafe(256);
  let at = 0;

  function reserve(bytes: number): void {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  function number(value: number): void {
    // Most numbers are small.
    if (value < 0x80 && at < buffer.length) {
      buffer[at] = value;
      at += 1;
      return;
    }
    reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      // Division, because bit operators end at 32 bits.
      const next = Math.floor(rest / 128);
      buffer[at] = rest - next * 128 + 128;
      at += 1;
      rest = next;
    }
    buffer[at] = rest;
    at += 1;
  }

  return {
    number,
    text(value) {
      const length = Buffer.byteLength(value);
      number(length);
      reserve(length);
      at += buffer.write(value, at);
    },
    block(bytes) {
      number(bytes.length);
      reserve(bytes.length);
      buffer.set(bytes, at);
      at += bytes.length;
    },
    bytes: () => new Uint8Array(buffer.subarray(0, at)),
  };
}

/** Creates a reader of bytes. */
export function createByteReader(bytes: Uint8Array): ByteReader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function number(): number {
    let byte = buffer[at];
    at += 1;
    if (byte === undefined) throw new RangeError("the bytes end too early");
    if (byte < 128) return byte;
    let value = byte - 128;
    let scale = 128;
    do {
      byte = buffer[at];
      at += 1;
      if (byte === undefined) throw new RangeError("the bytes end too early");
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value;
  }

  return {
    number,
    text() {
      const length = number();
      const end = at + length;
      if (end > buffer.length) throw new RangeError("the bytes end too early");
      const text = buffer.toString("utf8", at, end);
      at = end;
      return text;
    },
    skip(bytes) {
      at += bytes;
    },
    isAtEnd: () => at >= buffer.length,
  };
}
