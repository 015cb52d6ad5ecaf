import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.ts";
import { checkWithJsonSchema } from "../corpus/read-case.ts";
import { elementSchema } from "../fixtures/random-schema.ts";
import { expectedShape } from "../schema/expected-shape.ts";
import type { Checked } from "../schema/requested-schema.ts";
import { readElements } from "./read-elements.ts";

const schema: JsonObject = {
  type: "object",
  properties: {
    npcId: { type: "string" },
    amount: { type: "number" },
    why: { type: "string" },
    tags: { type: "array", items: { type: "string" } },
    at: { type: "object", properties: { x: { type: "number" } } },
  },
  required: ["npcId", "amount"],
};
/** Light, because it runs some hundred thousand times. */
const check = (value: unknown): Checked<unknown> =>
  typeof value === "object" && value !== null && "npcId" in value && "amount" in value
    ? { ok: true, value }
    : { ok: false, issues: [] };
const all = Array.from({ length: 64 }, (_, index) => ({
  npcId: `npc-${index}`,
  amount: index * 1.5,
  ...(index % 3 === 0 ? { why: `"é😀" } ] \\ , {` } : {}),
  ...(index % 5 === 0 ? { tags: ["a]", "{b"], at: { x: index } } : {}),
}));

/** The elements whose own end is within so many bytes. */
function completeWithin(text: string, from: number): number[] {
  const ends: number[] = [];
  let at = from;
  for (const item of all) {
    const source = JSON.stringify(item);
    at = text.indexOf(source, at) + source.length;
    ends.push(Buffer.byteLength(text.slice(0, at)));
  }
  return ends;
}

describe("an answer of 64 elements, cut at every byte", { timeout: 30_000 }, () => {
  const root = JSON.stringify(all);
  it.each([
    ["a root array", root, null, 1],
    [
      "in its wrapper, in a fence, after a draft in reasoning, at every seventh byte",
      `<think>[{"npcId":"x","amount":1}]</think>\n\`\`\`json\n{"items": ${root}}\n\`\`\``,
      "items",
      7,
    ],
  ])("%s: the complete ones are there, none invented, none altered", async (_, text, wrap, step) => {
    const bytes = Buffer.from(text);
    const ends = completeWithin(text, text.lastIndexOf('[{"npcId":"npc-0"'));
    const reading = { element: expectedShape(schema), wrap, cutByLimit: true, check };
    let complete = 0;
    for (let cut = 0; cut <= bytes.length; cut += step) {
      while ((ends[complete] ?? Number.POSITIVE_INFINITY) <= cut) complete += 1;
      const { raws: found } = await readElements(bytes.subarray(0, cut).toString("utf8"), reading);
      // One comparison a cut; the matcher's own would take a minute.
      const raws = JSON.stringify(found);
      if (raws !== JSON.stringify(all.slice(0, complete)))
        expect(raws, `cut at byte ${cut}`).toBe(JSON.stringify(all.slice(0, complete)));
    }
    expect(complete).toBe(64);
  });
});

it("gives a beginning of any array that is cut anywhere", { timeout: 30_000 }, async () => {
  const cases = elementSchema.chain((one) =>
    fc.record({
      schema: fc.constant(one.schema),
      items: fc.array(one.value, { maxLength: 6 }),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ schema: of, items, cut }) => {
      const text = JSON.stringify(items);
      const reading = { element: expectedShape(of), wrap: null, cutByLimit: true, check: checkWithJsonSchema(of) };
      const { raws, checks } = await readElements(text.slice(0, Math.floor(text.length * cut)), reading);
      expect(raws).toEqual(JSON.parse(text).slice(0, raws.length));
      expect(checks.every(({ ok }) => ok)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
