import { type Env, readEnv } from "../contract/env.ts";
import { sha256 } from "./sha256.ts";

const BLOCK = 64;
const SHOWN_BYTES = 16;

/** Made when it is first needed; as long as the process. */
let ownSecret: Uint8Array | null = null;

function secretOf(env: Env): Uint8Array {
  const configured = readEnv(env, "BABYLON_HASH_SECRET");
  if (configured !== undefined) return new TextEncoder().encode(configured);
  ownSecret ??= crypto.getRandomValues(new Uint8Array(32));
  return ownSecret;
}

function hmac(secret: Uint8Array, message: Uint8Array): Uint8Array {
  const key = secret.length > BLOCK ? sha256(secret) : secret;
  const pad = (mask: number): Uint8Array => Uint8Array.from({ length: BLOCK }, (_, index) => (key[index] ?? 0) ^ mask);
  return sha256(joined(pad(0x5c), sha256(joined(pad(0x36), message))));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/**
 * A name for a secret that may leave the process: 128 bits of its HMAC-SHA-256, as hex. Whoever sees it can neither read the secret nor
 * test guesses.
 *
 * The key of the hash is `BABYLON_HASH_SECRET`: processes that share it give the same key the same name. Without it each process has one of its own.
 */
export function keyedHash(env: Env, text: string): string {
  const digest = hmac(secretOf(env), new TextEncoder().encode(text)).subarray(0, SHOWN_BYTES);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
