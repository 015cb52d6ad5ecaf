import { describe, expect, it } from "vitest";
import { createJsonCursor } from "./json-cursor.ts";

function walk(pieces: readonly string[], depth: 1 | 2 = 2) {
  const text = pieces.join("");
  const found: string[] = [];
  const cursor = createJsonCursor(depth, ({ key, within, start, end }) =>
    found.push(`${within === null ? "" : `${within}.`}${key}=${text.slice(start, end)}`),
  );
  for (const piece of pieces) cursor.write(piece);
  cursor.finish();
  return { found, state: cursor.state, end: cursor.end, names: [...cursor.names], lists: [...cursor.lists] };
}

describe("createJsonCursor", () => {
  it("tells each value once it is complete, with offsets into the string", () => {
    const text = '{"é":"😀x","items":[{"a":[1,2]},"b\\"c", 3 , null]} and prose {';
    expect(walk([text])).toEqual({
      found: [
        'é="😀x"',
        'items.0={"a":[1,2]}',
        'items.1="b\\"c"',
        "items.2=3",
        "items.3=null",
        'items=[{"a":[1,2]},"b\\"c", 3 , null]',
      ],
      state: "done",
      end: text.indexOf(" and prose"),
      names: ["é", "items"],
      lists: [{ name: "items", start: text.indexOf("[") }],
    });
  });

  it("says the same whatever the pieces are", () => {
    const text = '[{"a":"x\\ny 😀"},[],-1.5e3,"z"]';
    const whole = walk([text]);
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(walk([text.slice(0, cut), text.slice(cut)])).toEqual(whole);
    }
    expect(walk([...text])).toEqual(whole);
  });

  const cut: readonly [text: string, found: readonly string[]][] = [
    ['["a"', ['0="a"']],
    ['["a', []],
    ["[1, 23", ["0=1"]],
    ["[1, 23 ", ["0=1", "1=23"]],
    ["[true, fals", ["0=true"]],
    ["[null", ["0=null"]],
    ['{"a"', []],
    ['{"a":1,"b"', ["a=1"]],
    ['{"a":"b"', ['a="b"']],
    ['[{"a":1}', ['0={"a":1}', "0.a=1"]],
  ];
  it.each(cut)("does not take %s for more than it is", (text, found) => {
    const walked = walk([text]);
    expect(walked.state).toBe("open");
    expect([...walked.found].sort()).toEqual([...found].sort());
  });

  const broken = [
    "[1 2]",
    '{"a" 1}',
    "[1,]",
    '{"a":1,}',
    "{'a':1}",
    '["a\nb"]',
    "[hello]",
    '["\\x"]',
    "[01]",
    '{"a":1]',
  ];
  it.each(broken)("fails at %s", (text) => {
    expect(walk([text]).state).toBe("failed");
  });
});
