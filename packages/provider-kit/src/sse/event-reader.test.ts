import { expect, test } from "vitest";
import { createEventReader } from "./event-reader.ts";

test.each<[string, readonly string[]]>([
  ["no chunk", []],
  ["chunks without an event", [": a\n\n", ": b\n\n"]],
])("a failure after %s is passed to recover once", async (_, before) => {
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const text of before) yield new TextEncoder().encode(text);
    throw new Error("reset");
  }
  const recovered: unknown[] = [];
  const reader = createEventReader(body(), {
    isLast: () => false,
    take: () => "taken",
    recover: (thrown) => {
      recovered.push(thrown);
      return "recovered";
    },
  });
  expect(await reader.read()).toBe("recovered");
  expect(recovered).toEqual([new Error("reset")]);
});

test("a failure of take is not passed to recover", async () => {
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const text of [": a\n\n", "data: x\n\n"]) yield new TextEncoder().encode(text);
  }
  const reader = createEventReader(body(), {
    isLast: () => false,
    take: () => {
      throw new Error("refused");
    },
    recover: () => "recovered",
  });
  await expect(reader.read()).rejects.toThrow("refused");
});
