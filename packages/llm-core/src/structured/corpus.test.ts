import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../contract/json.ts";
import { type CorpusCase, readCase } from "./corpus/read-case.ts";

const folder = new URL("./corpus/", import.meta.url);
const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const schemas = readJson("schemas.json") as Record<string, JsonObject>;
const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "schemas.json");
const groups = files.map((name) => [name.replace(".json", ""), readJson(name) as CorpusCase[]] as const);

it("holds at least 150 answers, each with a name of its own", () => {
  const names = groups.flatMap(([group, cases]) => cases.map(({ name }) => `${group}: ${name}`));
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(groups)("%s", (_, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    const schema = schemas[one.schema];
    if (schema === undefined) throw new Error(`no schema ${one.schema}`);
    expect(await readCase(one, schema)).toEqual(one.expected);
  });
});
