import { expect, it } from "vitest";
import { parseExactJSON } from "./exact-json.ts";

it.each([
  '{"id":9007199254740993,"a":[-9007199254740993],"b":"9007199254740993","c":1}',
  '{"id":123456789012345678901234567890}',
  '{"id":9007199254740992,"x":0.1}',
])("%s is serialized unchanged", (text) => {
  expect(JSON.stringify(parseExactJSON(text))).toBe(text);
});

it("exact numbers are plain numbers", () => {
  const text = '{"a":9007199254740991,"b":1.5e300,"c":1234567890.1234567890}';
  expect(parseExactJSON(text)).toEqual(JSON.parse(text));
});

it("fails as JSON.parse does", () => {
  expect(() => parseExactJSON('{"id":9007199254740993')).toThrow(SyntaxError);
});
