import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { licencePage, listLicences } from "./list-licences.ts";
import { ROOT } from "./workspace.ts";

/** Licences that ask for no more than their own text to be passed on. */
const PERMISSIVE =
  /^(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|Unlicense|\(MIT OR WTFPL\)|\(BSD-2-Clause OR MIT OR Apache-2\.0\))$/;

const list = listLicences();

it("the page of licences is current: npx -y pnpm@10 licences", () => {
  expect(readFileSync(join(ROOT, "docs", "licences.md"), "utf8")).toBe(licencePage(list));
});

it("nothing comes with the packages under a licence that asks more of their users", () => {
  expect(list.map(({ name }) => name)).toContain("openai");
  expect(list.filter(({ licence }) => !PERMISSIVE.test(licence))).toEqual([]);
});
