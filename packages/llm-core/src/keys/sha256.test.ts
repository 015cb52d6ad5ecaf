import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { sha256 } from "./sha256.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

it("matches the examples of FIPS 180-4", () => {
  expect(hex(sha256(new Uint8Array()))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(hex(sha256(new TextEncoder().encode("abc")))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

it("matches Web Crypto at every length around the block size", () => {
  for (let length = 0; length <= 260; length += 1) {
    const message = Uint8Array.from({ length }, (_, index) => (index * 131 + length * 7) % 256);
    expect(hex(sha256(message)), String(length)).toBe(createHash("sha256").update(message).digest("hex"));
  }
});
