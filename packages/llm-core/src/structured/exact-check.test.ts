import { expect, it } from "vitest";
import { exactCheck } from "./exact-check.ts";

const BIG = "9007199254740993";
const accept = (value: unknown) => ({ ok: true, value }) as const;

it.each([
  ["a number that is read as another", `{"a":{"id":${BIG}}}`, ["a", "id"]],
  ["the same as a string", `{"a":{"id":"${BIG}"}}`, null],
  ["a number that is exact", '{"id":9007199254740992}', null],
  ["a number in the prose beside it", `The id was ${BIG}. {"id":1}`, null],
])("%s", (_, text, path) => {
  const value: unknown = JSON.parse(text.slice(text.indexOf("{")));
  const checked = exactCheck(text, accept)(value);
  expect(checked).toMatchObject(path === null ? { ok: true } : { ok: false, issues: [{ path }] });
});

it("of a text without long numbers the check is the one given", () => {
  expect(exactCheck('{"id":1}', accept)).toBe(accept);
});
