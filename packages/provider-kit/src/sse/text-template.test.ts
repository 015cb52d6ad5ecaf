import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTextTemplate } from "./text-template.ts";

const chunk = (content: unknown, id = "c-1") =>
  JSON.stringify({ id, choices: [{ index: 0, delta: { content }, finish_reason: null }] });

describe("after one event, the text of the next is", () => {
  test.each<[string, string, string | null]>([
    ["returned", chunk(" world"), " world"],
    ["returned with escapes", chunk('a "quoted"\n line \\ é 🎲'), 'a "quoted"\n line \\ é 🎲'],
    ["returned with \\u escapes", chunk("x").replace('"x"', '"\\u00e9\\n"'), "é\n"],
    ["unknown if it is empty", chunk(""), null],
    ["unknown if it is not a string", chunk(null), null],
    ["unknown if it is a list", chunk([{ text: "x" }]), null],
    ["unknown if another field differs", chunk("x", "c-2"), null],
    ["unknown if a field is added", chunk("x").replace('"x"', '"x","tool_calls":[]'), null],
    ["unknown if the string has no end", chunk("x").replace('"x"', '"x'), null],
    ["unknown if it ends in a backslash", chunk("x").replace('"x"', '"x\\"'), null],
    ["unknown if it contains a line break", chunk("x").replace('"x"', '"x\ny"'), null],
    ["unknown if there are no other fields", "{}", null],
  ])("%s", (_, data, expected) => {
    const template = createTextTemplate();
    template.learn(chunk("Hello"), "content", "Hello");
    expect(template.textOf(data)).toBe(expected);
  });
});

test.each<[string, string, string]>([
  ["the key occurs twice", '{"delta":{"content":"x"},"content":"x"}', "x"],
  ["the key is missing", '{"delta":{"text":"x"}}', "x"],
  ["the text is escaped differently", '{"delta":{"content":"\\u0078"}}', "x"],
])("no template is made if %s", (_, data, text) => {
  const template = createTextTemplate();
  template.learn(data, "content", text);
  expect(template.textOf(data)).toBeNull();
});

test("accepts a space after the colon", () => {
  const template = createTextTemplate();
  template.learn('{"content": "one"}', "content", "one");
  expect(template.textOf('{"content": "two"}')).toBe("two");
});

test("stops in a stream whose events differ in more than their text", () => {
  const template = createTextTemplate();
  for (let event = 0; event < 20; event += 1) template.learn(`{"content":"x","random":${event}}`, "content", "x");
  template.learn('{"content":"x"}', "content", "x");
  expect(template.textOf('{"content":"y"}')).toBeNull();
});

test("never returns anything but the text of the event", () => {
  const strings = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.stringMatching(/^[\\"u00e{},:a]{0,10}$/),
    fc.constantFrom('","content":"', '"}', "\\", '\\"', "\n"),
  );
  const shapes = fc.constantFrom(
    (text: string) => JSON.stringify({ delta: { content: text } }),
    (text: string) => JSON.stringify({ delta: { content: text }, after: 1 }),
    (text: string) => `{"delta": {"content": ${JSON.stringify(text)}}}`,
    // As a broken server might send it.
    (text: string) => `{"delta":{"content":"${text}"}}`,
    (text: string) => `{"delta":{"content":"${text}"},"content":"${text}"}`,
  );
  const read = (data: string): unknown => {
    try {
      return JSON.parse(data).delta.content;
    } catch {
      return undefined;
    }
  };
  fc.assert(
    fc.property(fc.array(fc.tuple(shapes, strings), { minLength: 2, maxLength: 6 }), (events) => {
      const template = createTextTemplate();
      for (const [shape, text] of events) {
        const data = shape(text);
        const known = template.textOf(data);
        if (known !== null) expect(known).toBe(read(data));
        const said = read(data);
        if (typeof said === "string" && said !== "") template.learn(data, "content", said);
      }
    }),
    { numRuns: 2_000 },
  );
});
