import { expectLinear } from "@babylon/llm-testing/vitest";
import { describe, it } from "vitest";
import { uniqueId } from "./unique-id.ts";

describe("takes time linear in the number of ids", { timeout: 60_000 }, () => {
  it.each<[string, (at: number) => string, number | undefined]>([
    ["equal ids", () => "a", undefined],
    ["equal ids that are cut", () => "abcdefghijkl", 12],
    ["ids that become equal once cut", () => "abcdefghijkl and more", 12],
    ["pairs of ids that become equal once they have a suffix", (at) => `abcd${String(at >> 1).padStart(6, "0")}`, 10],
  ])("%s", async (_, idAt, maxLength) => {
    await expectLinear((size) => {
      const wanted = Array.from({ length: size / 20 }, (_, at) => idAt(at));
      return () => {
        const taken = new Set<string>();
        for (const id of wanted) taken.add(uniqueId(id, taken, maxLength));
      };
    });
  });
});
