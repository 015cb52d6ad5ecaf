/** The constants of FIPS 180-4, computed at the first hash: fractional parts of the roots of the first primes. */
interface Constants {
  readonly initial: Uint32Array;
  readonly rounds: Uint32Array;
}

let constants: Constants | null = null;

function makeConstants(): Constants {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32);
  return {
    initial: Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime))),
    rounds: Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
  };
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The message with its padding: a 1 bit, zeros, and its length in bits as 64 bits, to whole blocks of 64 bytes. */
function toPaddedBlocks(message: Uint8Array): DataView {
  const bytes = new Uint8Array((((message.length + 8) >> 6) << 6) + 64);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(bytes.length - 4, message.length << 3);
  return view;
}

/**
 * SHA-256. Own implementation because Web Crypto is asynchronous and a plan needs the fingerprint of a key synchronously. For short
 * messages: a few microseconds for a key.
 */
export function sha256(message: Uint8Array): Uint8Array {
  constants ??= makeConstants();
  const { initial, rounds } = constants;
  const blocks = toPaddedBlocks(message);
  const state = Uint32Array.from(initial);
  const schedule = new Uint32Array(64);
  for (let offset = 0; offset < blocks.byteLength; offset += 64) compress(state, schedule, rounds, blocks, offset);
  const digest = new DataView(new ArrayBuffer(32));
  for (const [index, word] of state.entries()) digest.setUint32(index * 4, word);
  return new Uint8Array(digest.buffer);
}

function compress(
  state: Uint32Array,
  schedule: Uint32Array,
  rounds: Uint32Array,
  blocks: DataView,
  offset: number,
): void {
  // Every index below is in range; `?? 0` is for noUncheckedIndexedAccess only.
  const at = (words: Uint32Array, index: number): number => words[index] ?? 0;
  for (let index = 0; index < 16; index += 1) schedule[index] = blocks.getUint32(offset + index * 4);
  for (let index = 16; index < 64; index += 1) {
    const early = at(schedule, index - 15);
    const late = at(schedule, index - 2);
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[index] = at(schedule, index - 16) + s0 + at(schedule, index - 7) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let index = 0; index < 64; index += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + at(rounds, index) + at(schedule, index)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] = at(state, index) + word;
}
