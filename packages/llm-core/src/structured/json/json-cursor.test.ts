import { describe, expect, it } from "vitest";
import { createJsonCursor } from "./json-cursor.ts";

/** Members and lists of a text, as they stand in it. */
function walk(pieces: readonly string[]) {
  const text = pieces.join("");
  const members: string[] = [];
  const cursor = createJsonCursor((name, within, start, end) => {
    members.push(`${within === null ? "" : `${within}.`}${name}=${text.slice(start, end)}`);
  }, 2);
  for (const piece of pieces) cursor.write(piece);
  cursor.finish();
  const { state, end, names } = cursor;
  const lists = cursor.lists.map((list) => ({ ...list, elements: text.slice(list.start + 1, list.end) }));
  return { members, state, end, names, lists };
}

describe("createJsonCursor", () => {
  it("reports each complete member, and the complete part of lists, with offsets into the string", () => {
    const text = '{"é":"😀x","items":[{"a":[1,2]},"b\\"c", 3 , null],"o":{"\\u0061":[true],"n":{}}} and prose {';
    const start = text.indexOf("[");
    const items = '{"a":[1,2]},"b\\"c", 3 , null';
    expect(walk([text])).toEqual({
      members: ['é="😀x"', `items=[${items}]`, "o.a=[true]", "o.n={}", 'o={"\\u0061":[true],"n":{}}'],
      state: "done",
      end: text.indexOf(" and prose"),
      names: ["é", "items", "o"],
      lists: [{ name: "items", isFirst: false, start, end: start + 1 + items.length, closed: true, elements: items }],
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

  const cut: readonly [text: string, complete: readonly string[]][] = [
    ['["a"', ['"a"']],
    ['["a', [""]],
    ["[1, 23", ["1"]],
    ["[1, 23 ", ["1, 23"]],
    ["[true, fals", ["true"]],
    ["[null", ["null"]],
    ["[-", [""]],
    ["[1.5e", [""]],
    ['["\\u00', [""]],
    ['{"a"', []],
    ['{"a":1,"b"', ["a=1"]],
    ['{"a":"b"', ['a="b"']],
    ['{"a":[1,[2', ["1"]],
    ['[{"a":1}', ['{"a":1}']],
    ['[{"a":1},{"a":2', ['{"a":1}']],
  ];
  it.each(cut)("does not take %s for more than it is", (text, complete) => {
    const { members, lists, state } = walk([text]);
    expect(state).toBe("open");
    expect([...members, ...lists.map(({ elements }) => elements)]).toEqual(complete);
    expect(walk([...text])).toEqual(walk([text]));
  });

  const broken = [
    "[1 2]",
    '{"a" 1}',
    "[1,]",
    '{"a":1,}',
    "{'a':1}",
    '["a\nb"]',
    "]",
    "1",
    "{1",
    '{"a":}',
    "[-]",
    "[1.]",
    "[tru]",
    "[nulls]",
    '["\\u00g0"]',
    "[hello]",
    '["\\x"]',
    "[01]",
    '{"a":1]',
  ];
  it.each(broken)("fails at %s", (text) => {
    expect(walk([text]).state).toBe("failed");
    expect(walk([...text]).state).toBe("failed");
  });
});
