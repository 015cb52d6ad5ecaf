import { runExample } from "@babylon-examples/keys-or-simulator/run-example";
import { expect, test } from "vitest";

test("returns an object of the schema, and one element per captain, in order", async () => {
  const { code, lines, errors } = await runExample(new URL("./main.ts", import.meta.url));
  expect([code, errors]).toEqual([0, ""]);
  expect(lines[0]).toMatch(/simulator/);
  expect(lines[1]).toMatch(/^A ship: .+, a (barque|cog|cutter) of \d{1,4} tons$/);
  expect(lines.slice(2)).toEqual([
    expect.stringMatching(/^ada will (sail|stay)$/),
    expect.stringMatching(/^bo will (sail|stay)$/),
    expect.stringMatching(/^cleo will (sail|stay)$/),
    "Missing: none",
  ]);
}, 60_000);
