import { expect, it } from "vitest";
import { createNumberScan, inexactNumbers } from "../../run/inexact-numbers.ts";
import { inexactNumberIn } from "./inexact-number-in.ts";

const BIG = "9007199254740993";

it.each([
  ["a number that is parsed as another one", `{"a":{"id":${BIG}}}`, ["a", "id"]],
  ["the same as a string", `{"a":{"id":"${BIG}"}}`, null],
  ["a number that is exact", '{"id":9007199254740992}', null],
  ["a number in the prose beside it", `The id was ${BIG}. {"id":1}`, null],
])("%s", (_, text, path) => {
  const value: unknown = JSON.parse(text.slice(text.indexOf("{")));
  const checked = inexactNumberIn(value, inexactNumbers(text));
  if (path === null) expect(checked).toBeNull();
  else expect(checked).toMatchObject({ ok: false, issues: [{ path }] });
});

it("finds numbers that are split over pieces, and reads long ones in linear time", () => {
  const scan = createNumberScan();
  for (const piece of ['[{"id":-90071', "9925", "4740", '993},{"id":1}', "]"]) scan.write(piece);
  expect([...scan.inexact]).toContain(-9007199254740992);
  const begun = performance.now();
  const long = createNumberScan();
  for (let at = 0; at < 20_000; at += 1) long.write("9999999999");
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect([...long.inexact].length).toBeGreaterThan(0);
});
