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
  /**
   * Reads pairs of a distance and a count, and adds each count at its place: the first distance is from `start`, each other one from the place
   * before. Returns the sum of the counts.
   */
  addAtDistances(pairs: number, start: number, into: Uint32Array): number;
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
    // Bytes beyond the end continue the number, so that only a long number has to look for the end.
    let byte = buffer[at] ?? 128;
    at += 1;
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = buffer[at] ?? 128;
      at += 1;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    // Multiplication, because bit operators end at 32 bits.
    for (let scale = 2 ** 28; ; scale *= 128) {
      byte = buffer[at] ?? 128;
      at += 1;
      if (at > buffer.length) throw new RangeError("the bytes end too early");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
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
    addAtDistances(pairs, start, into) {
      let place = start;
      let sum = 0;
      for (let pair = 0; pair < pairs; pair += 1) {
        // Most numbers have one byte; a function for each of millions would take longer than the rest.
        const distance = buffer[at] ?? 128;
        if (distance < 128) at += 1;
        place += distance < 128 ? distance : number();
        const byte = buffer[at] ?? 128;
        if (byte < 128) at += 1;
        const count = byte < 128 ? byte : number();
        if (!(place >= 0 && place < into.length)) throw new RangeError("a place is out of range");
        into[place] = (into[place] ?? 0) + count;
        sum += count;
      }
      return sum;
    },
    skip(bytes) {
      at += bytes;
    },
    isAtEnd: () => at >= buffer.length,
  };
}
