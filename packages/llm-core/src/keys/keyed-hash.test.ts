import { createHmac } from "node:crypto";
import { expect, it, vi } from "vitest";
import { keyedHash } from "./keyed-hash.ts";

it.each(["short", "s".repeat(64), "longer than a block of the hash".repeat(3)])(
  "is HMAC-SHA-256 with the secret %j, cut to 128 bits",
  (secret) => {
    for (const text of ["", "sk-a-key", "Schlüssel 👋"]) {
      const expected = createHmac("sha256", secret).update(text).digest("hex").slice(0, 32);
      expect(keyedHash({ BABYLON_HASH_SECRET: ` ${secret} ` }, text)).toBe(expected);
    }
  },
);

it("uses a random secret of the process if none is configured", async () => {
  const here = keyedHash({}, "sk-a-key");
  expect(here).toMatch(/^[0-9a-f]{32}$/);
  expect(keyedHash({ BABYLON_HASH_SECRET: "  " }, "sk-a-key")).toBe(here);
  expect(keyedHash({}, "sk-another-key")).not.toBe(here);
  vi.resetModules();
  const elsewhere = await import("./keyed-hash.ts");
  expect(elsewhere.keyedHash({}, "sk-a-key")).not.toBe(here);
  const shared = { BABYLON_HASH_SECRET: "shared" };
  expect(elsewhere.keyedHash(shared, "sk-a-key")).toBe(keyedHash(shared, "sk-a-key"));
});
