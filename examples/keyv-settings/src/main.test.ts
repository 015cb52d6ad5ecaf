import { runExample } from "@babylon-examples/keys-or-simulator/run-example";
import { expect, test } from "vitest";

test("a Keyv, a store that uses it and a client with the URL share the settings in one file", async () => {
  const { code, lines, errors } = await runExample(new URL("./main.ts", import.meta.url));
  expect([code, errors]).toEqual([0, ""]);
  expect(lines).toEqual([
    expect.stringMatching(/simulator/),
    "store: sqlite, compare-and-set atomic",
    "client by URL: claude answered",
    "keyv.get: version 1",
  ]);
}, 60_000);
