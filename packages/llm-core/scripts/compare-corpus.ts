import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { generateText, jsonSchema, Output } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { jsonrepair } from "jsonrepair";
import type { JsonObject } from "../src/contract/json.ts";
import {
  asksForElements,
  type CorpusCase,
  type CorpusExpectation,
  checkWithJsonSchema,
  readCase,
} from "../src/structured/corpus/read-case.ts";

// Runs the corpus of recorded answers through four readers and prints their results:
// `node packages/llm-core/scripts/compare-corpus.ts [--wrong]`, the latter with the cases in which a reader returned a wrong value.

type Reader = (one: CorpusCase, schema: JsonObject) => Promise<CorpusExpectation>;
type Outcome = "right" | "refused" | "wrong";

const FAILED: CorpusExpectation = { fails: "mismatch" };

/** The schema of the whole answer: of the array, and of the member that the dialect requires. */
function wholeSchema(one: CorpusCase, schema: JsonObject): JsonObject {
  const { $defs, ...own } = schema;
  const value = asksForElements(one) ? { type: "array", items: own } : own;
  const root =
    one.wrap === undefined ? value : { type: "object", properties: { [one.wrap]: value }, required: [one.wrap] };
  return { ...root, ...($defs === undefined ? {} : { $defs }) };
}

/** The result of a reader of complete values, as an expectation. */
function toExpectation(one: CorpusCase, value: unknown): CorpusExpectation {
  const inner = one.wrap === undefined ? value : Reflect.get(Object(value), one.wrap);
  return asksForElements(one) && Array.isArray(inner) ? { items: inner } : { object: inner };
}

/** A reader that parses and then validates, like a caller. */
function parsing(parse: (text: string) => unknown): Reader {
  return async (one, schema) => {
    try {
      const value = parse(one.answer);
      const checked = checkWithJsonSchema(wholeSchema(one, schema))(value);
      return checked.ok ? toExpectation(one, value) : FAILED;
    } catch {
      return FAILED;
    }
  };
}

const aiSdk: Reader = async (one, schema) => {
  const whole = wholeSchema(one, schema);
  const check = checkWithJsonSchema(whole);
  const model = new MockLanguageModelV4({
    doGenerate: async () => ({
      content: [{ type: "text", text: one.answer }],
      finishReason: { unified: one.finishReason ?? "stop", raw: undefined },
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 1, text: 1, reasoning: 0 },
      },
      warnings: [],
    }),
  });
  const output = Output.object({
    schema: jsonSchema(whole, {
      validate(value) {
        const checked = check(value);
        return checked.ok
          ? { success: true, value: checked.value }
          : { success: false, error: new Error(checked.issues.map(({ message }) => message).join("; ")) };
      },
    }),
  });
  try {
    const result = await generateText({ model, output, prompt: "Go.", maxRetries: 0 });
    return toExpectation(one, result.output);
  } catch {
    return FAILED;
  }
};

const readers: Readonly<Record<string, Reader>> = {
  "JSON.parse": parsing((text) => JSON.parse(text)),
  jsonrepair: parsing((text) => JSON.parse(jsonrepair(text))),
  "AI SDK": aiSdk,
  "this library": readCase,
};

/** A rejection is also right if there was no value; a part of a batch is rejected if none of it is returned. */
function judge(expected: CorpusExpectation, got: CorpusExpectation): Outcome {
  if ("fails" in got) return "fails" in expected ? "right" : "refused";
  if ("items" in expected && "items" in got) return isDeepStrictEqual(expected.items, got.items) ? "right" : "wrong";
  return isDeepStrictEqual(expected, got) ? "right" : "wrong";
}

const folder = new URL("../src/structured/corpus/", import.meta.url);
const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const schemas = readJson("schemas.json") as Record<string, JsonObject>;
const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "schemas.json");
const listWrong = process.argv.includes("--wrong");
const names = Object.keys(readers);
const totals = new Map(names.map((name) => [name, { right: 0, refused: 0, wrong: 0 }]));
const rows: Record<string, Record<string, string | number>> = {};
let count = 0;

for (const file of files) {
  const cases = readJson(file) as CorpusCase[];
  const group = file.replace(".json", "");
  const row: Record<string, string | number> = { answers: cases.length };
  count += cases.length;
  for (const [name, reader] of Object.entries(readers)) {
    const tally = { right: 0, refused: 0, wrong: 0 };
    for (const one of cases) {
      const schema = schemas[one.schema];
      if (schema === undefined) throw new Error(`${file}: no schema ${one.schema}`);
      const got = await reader(one, schema);
      const outcome = judge(one.expected, got);
      tally[outcome] += 1;
      if (listWrong && outcome === "wrong") {
        console.log(
          `${name} · ${group}: ${one.name}\n  expected ${JSON.stringify(one.expected)}\n  got      ${JSON.stringify(got)}`,
        );
      }
    }
    row[name] = `${tally.right}${tally.wrong === 0 ? "" : ` (${tally.wrong} wrong)`}`;
    const total = totals.get(name);
    if (total === undefined) continue;
    total.right += tally.right;
    total.refused += tally.refused;
    total.wrong += tally.wrong;
  }
  rows[group] = row;
}

console.log(`${count} recorded answers, read right by each reader (parse, then validate with the schema):`);
console.table(rows);
for (const [name, { right, refused, wrong }] of totals) {
  const share = ((100 * right) / count).toFixed(1);
  console.log(`${name.padEnd(13)} right ${right} (${share} %), refused ${refused}, gave something wrong ${wrong}`);
}
