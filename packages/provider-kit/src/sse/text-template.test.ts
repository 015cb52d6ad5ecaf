import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTextTemplate } from "./text-template.ts";

const chunk = (content: unknown, id = "c-1") =>
  JSON.stringify({ id, choices: [{ index: 0, delta: { content }, finish_reason: null }] });

describe("after one event, the text of the next is", () => {
  test.each<[string, string, string | null]>([
    ["its own", chunk(" world"), " world"],
    ["its own with escapes", chunk('a "quoted"\n line \\ é 🎲'), 'a "quoted"\n line \\ é 🎲'],
    ["its own with \\u escapes", chunk("x").replace('"x"', '"\\u00e9\\n"'), "é\n"],
    ["not known when it is empty", chunk(""), null],
    ["not known when it is no string", chunk(null), null],
    ["not known when it is a list", chunk([{ text: "x" }]), null],
    ["not known when another field differs", chunk("x", "c-2"), null],
    ["not known when a field is added", chunk("x").replace('"x"', '"x","tool_calls":[]'), null],
    ["not known when the string never ends", chunk("x").replace('"x"', '"x'), null],
    ["not known when it ends in a backslash", chunk("x").replace('"x"', '"x\\"'), null],
    ["not known when it holds a line break", chunk("x").replace('"x"', '"x\ny"'), null],
    ["not known when there is nothing else", "{}", null],
  ])("%s", (_, data, expected) => {
    const template = createTextTemplate();
    template.learn(chunk("Hello"), "content", "Hello");
    expect(template.textOf(data)).toBe(expected);
  });
});

test.each<[string, string, string]>([
  ["the key stands there twice", '{"delta":{"content":"x"},"content":"x"}', "x"],
  ["the key is not there", '{"delta":{"text":"x"}}', "x"],
  ["the text is written in another way", '{"delta":{"content":"\\u0078"}}', "x"],
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
