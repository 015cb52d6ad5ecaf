import fc from "fast-check";
import { expect, test } from "vitest";
import { uniqueId } from "./unique-id.ts";

/** The definition: tries each suffix. */
function slowUniqueId(wanted: string, taken: ReadonlySet<string>, maxLength = Number.POSITIVE_INFINITY): string {
  let id = wanted.slice(0, maxLength);
  for (let number = 2; taken.has(id); number += 1) {
    const end = `_${number}`;
    id = wanted.slice(0, Math.max(0, maxLength - end.length)) + end;
  }
  return id;
}

test.each<[string, readonly [wanted: string, maxLength?: number][], readonly string[]]>([
  ["equal ids", [["a"], ["a"], ["a"]], ["a", "a_2", "a_3"]],
  ["a suffix that is taken", [["a_2"], ["a"], ["a"], ["a_2"]], ["a_2", "a", "a_3", "a_2_2"]],
  ["a suffix taken later", [["a"], ["a"], ["a_3"], ["a"]], ["a", "a_2", "a_3", "a_4"]],
  [
    "equal ids that are cut",
    [
      ["abcd", 4],
      ["abcd", 4],
      ["abcd", 4],
    ],
    ["abcd", "ab_2", "ab_3"],
  ],
  [
    "ids that become equal",
    [
      ["abcd", 4],
      ["abcd", 4],
      ["abxy", 4],
      ["abxy", 4],
    ],
    ["abcd", "ab_2", "abxy", "ab_3"],
  ],
  ["two lengths", [["abcd", 4], ["abcd", 4], ["abcd"], ["abcd", 3]], ["abcd", "ab_2", "abcd_2", "abc"]],
  ["empty ids", [[""], [""], ["", 2], ["", 2]], ["", "_2", "_3", "_4"]],
])("%s", (_, calls, expected) => {
  const taken = new Set<string>();
  const ids = calls.map(([wanted, maxLength]) => {
    const id = uniqueId(wanted, taken, maxLength);
    taken.add(id);
    return id;
  });
  expect(ids).toEqual(expected);
});

test("an id that is not added is returned again", () => {
  const taken = new Set(["a"]);
  expect([uniqueId("a", taken), uniqueId("a", taken)]).toEqual(["a_2", "a_2"]);
});

test("gives the same ids as the definition", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "_", "1", "2"), maxLength: 5 });
  const length = fc.constantFrom(3, 4, 5, Number.POSITIVE_INFINITY);
  // Nine of ten ids are added to the set.
  const call = fc.tuple(letters, length, fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
      const taken = new Set<string>();
      for (const [wanted, maxLength, adds] of calls) {
        const id = uniqueId(wanted, taken, maxLength);
        expect(id).toBe(slowUniqueId(wanted, taken, maxLength));
        if (adds > 0) taken.add(id);
      }
    }),
  );
});

test("gives the same ids as the definition for hundreds of equal ids", () => {
  const taken = new Set<string>();
  for (let count = 0; count < 1_500; count += 1) {
    const wanted = count % 3 === 0 ? "abcdef" : "abcxyz";
    const id = uniqueId(wanted, taken, 6);
    if (id !== slowUniqueId(wanted, taken, 6)) expect(id).toBe(slowUniqueId(wanted, taken, 6));
    taken.add(id);
  }
  expect(taken.size).toBe(1_500);
});
