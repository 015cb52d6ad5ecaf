import { expect, test } from "vitest";
import { manifestDigest } from "./manifest-digest.ts";

test("the known file has the known digest", () => {
  const entry = { path: "train.jsonl", md5: "aVEegiYzMFSoxtGF6IkYGA==", bytes: 86 };
  expect(manifestDigest([entry])).toBe("f62144ec95d8a5a178c2ba18ee78c33c");
});
