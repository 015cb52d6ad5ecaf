import { expect, it } from "vitest";
import { expectLinear } from "./expect-linear.ts";

/** Work that the compiler does not optimize away. */
function step(times: number): number {
  let sum = 0;
  for (let at = 0; at < times; at += 1) sum = (sum * 31 + at) % 1_000_003;
  return sum;
}

it("accepts linear time", async () => {
  await expectLinear((size) => () => step(size * 10), { msPerMillion: 1_000 });
});

it("rejects quadratic time", async () => {
  const square = expectLinear((size) => () => step((size / 100) ** 2), { msPerMillion: 100_000 });
  await expect(square).rejects.toThrow(/twice the input takes [34].* times as long/);
});

it("rejects linear time that is too long", async () => {
  const slow = expectLinear((size) => () => step(size * 20), { msPerMillion: 1 });
  await expect(slow).rejects.toThrow(/more than 1 ms for a million characters/);
});
