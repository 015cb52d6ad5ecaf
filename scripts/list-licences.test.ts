import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { licencePage, listLicences } from "./list-licences.ts";
import { ROOT } from "./workspace.ts";

/** Licences whose only condition is to include their text. */
const PERMISSIVE =
  /^(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|Unlicense|\(MIT OR WTFPL\)|\(BSD-2-Clause OR MIT OR Apache-2\.0\))$/;

const list = listLicences();

it("the page of licences is up to date: npx -y pnpm@10 licences", () => {
  expect(readFileSync(join(ROOT, "docs", "licences.md"), "utf8")).toBe(licencePage(list));
});

it("all dependencies have a permissive licence", () => {
  expect(list.map(({ name }) => name)).toContain("openai");
  expect(list.filter(({ licence }) => !PERMISSIVE.test(licence))).toEqual([]);
});
