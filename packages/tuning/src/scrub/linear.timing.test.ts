import { expectLinear } from "@babylon/llm-testing/vitest";
import { describe, test } from "vitest";
import { pii } from "./pii.ts";
import { secrets } from "./secrets.ts";

/** Texts on which patterns could start again and again. */
const UNITS = [
  "eyJ",
  "eyJ-",
  "a@",
  "a.",
  "a@a.",
  "4 ",
  "41-",
  "+1 ",
  "DE89 ",
  "DE89",
  "abcdef0",
  "sk-",
  "password=",
  "bearer ",
  "a://b:",
  "00 1",
];

describe("scrubbers take linear time for a row of", () => {
  test.each(UNITS)("%j", async (unit) => {
    const scrubbers = [secrets(), pii()];
    const sizes = [50_000, 100_000, 200_000];
    await expectLinear(
      (size) => {
        const text = `${unit.repeat(Math.ceil(size / unit.length))}!`;
        return () => scrubbers.map((scrubber) => scrubber.scrub(text));
      },
      { sizes, msPerMillion: 600 },
    );
  });
});
