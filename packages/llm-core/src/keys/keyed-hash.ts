import { type Env, readEnv } from "../contract/env.ts";
import { sha256 } from "./sha256.ts";

const BLOCK_BYTES = 64;
const KEPT_BYTES = 16;

/** A random secret of the process, created at its first use. */
let processSecret: Uint8Array | null = null;

function secretOf(env: Env): Uint8Array {
  const configured = readEnv(env, "BABYLON_HASH_SECRET");
  if (configured !== undefined) return new TextEncoder().encode(configured);
  processSecret ??= crypto.getRandomValues(new Uint8Array(32));
  return processSecret;
}

function hmac(secret: Uint8Array, message: Uint8Array): Uint8Array {
  const key = secret.length > BLOCK_BYTES ? sha256(secret) : secret;
  const pad = (mask: number): Uint8Array =>
    Uint8Array.from({ length: BLOCK_BYTES }, (_, index) => (key[index] ?? 0) ^ mask);
  return sha256(concatenate(pad(0x5c), sha256(concatenate(pad(0x36), message))));
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/**
 * A fingerprint of a secret that may leave the process: 128 bits of its HMAC-SHA-256, as hex. It does not reveal the secret, and guesses
 * cannot be verified without the key of the hash.
 *
 * The key of the hash is `BABYLON_HASH_SECRET`: processes that share it compute the same fingerprints. Without it each process has its own.
 */
export function keyedHash(env: Env, text: string): string {
  const digest = hmac(secretOf(env), new TextEncoder().encode(text)).subarray(0, KEPT_BYTES);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
