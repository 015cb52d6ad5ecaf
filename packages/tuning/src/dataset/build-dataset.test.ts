import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallRecord, Tool } from "@babylon/llm-core";
import { openRecordStore } from "@babylon/record-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatRecord, contentOf } from "../test-support/chat-record.ts";
import { plantedRecords } from "../test-support/planted-records.ts";
import { buildDataset } from "./build-dataset.ts";
import type { ChatExample } from "./chat-example.ts";
import type { DatasetOptions } from "./dataset-options.ts";
import { readDataset } from "./open-dataset.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "babylon-tuning-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const build = (records: Iterable<CallRecord>, options: Partial<DatasetOptions> = {}) =>
  buildDataset(records, { allowSources: ["wandb"], workFolder: folder, ...options });

async function examplesOf(records: Iterable<CallRecord>, options: Partial<DatasetOptions> = {}) {
  await using dataset = await build(records, { split: { test: 0, seed: "s" }, ...options });
  const examples: ChatExample[] = [];
  for await (const example of dataset.train.examples()) examples.push(example);
  return { examples, report: dataset.report };
}

describe("ten thousand records with secrets, personal data, duplicates and failed calls", () => {
  const planted = plantedRecords(7);
  let text = "";
  let report: Awaited<ReturnType<typeof build>>["report"];

  beforeAll(async () => {
    await using dataset = await build(planted.records);
    await dataset.write(join(folder, "first"));
    ({ report } = dataset);
    await using again = await build(planted.records);
    await again.write(join(folder, "second"));
    text = ["train.jsonl", "test.jsonl"].map((name) => readFileSync(join(folder, "first", name), "utf8")).join("");
  });

  test("have nothing of what was planted in any byte", () => {
    const found = [...planted.secrets, ...planted.emails, ...planted.cards].filter((one) => text.includes(one));
    expect(found).toEqual([]);
    expect(report.dropped.secret).toBe(400);
  });

  test("keep numbers that only look like those of cards", () => {
    const kept = planted.otherNumbers.filter((number) => text.includes(number));
    expect(kept).toHaveLength(planted.otherNumbers.length);
  });

  test("have no duplicates, no failed calls, and a report that adds up", () => {
    const { seen, kept, dropped } = report;
    expect([seen, kept]).toEqual([10_000, report.train.lines + report.test.lines]);
    expect(dropped.duplicate).toBe(planted.duplicates);
    expect(dropped.failed + dropped.stitched).toBe(planted.failed);
    expect(Object.values(dropped).reduce((a, b) => a + b)).toBe(seen - kept);
    expect(
      new Set(
        text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.stringify(JSON.parse(line).messages.slice(0, -1))),
      ).size,
    ).toBe(kept);
  });

  test("are the same bytes in a second run", () => {
    for (const name of ["train.jsonl", "test.jsonl", "report.json"]) {
      expect(readFileSync(join(folder, "second", name))).toEqual(readFileSync(join(folder, "first", name)));
    }
  });

  test("have no group on both sides", async () => {
    const groupOf = new Map(
      planted.records.map(({ content, agent, callId }) => [
        JSON.stringify(content?.messages[0]?.content),
        agent ?? callId,
      ]),
    );
    await using dataset = await build(planted.records, { scrub: [] });
    const groups = { train: new Set<string | undefined>(), test: new Set<string | undefined>() };
    for (const side of ["train", "test"] as const) {
      for await (const { messages } of dataset[side].examples())
        groups[side].add(groupOf.get(JSON.stringify(messages[0]?.content)));
    }
    expect(groups.test.size).toBeGreaterThan(100);
    expect([...groups.test].filter((group) => groups.train.has(group))).toEqual([]);
  });

  test("are read from their folder, unless a file was changed", async () => {
    const read = await readDataset(join(folder, "first"));
    expect(read.report).toEqual(report);
    writeFileSync(join(folder, "second", "train.jsonl"), "{}\n");
    await expect(readDataset(join(folder, "second"))).rejects.toMatchObject({ code: "invalid_input", path: "folder" });
  });
});

test("an example has messages and tools in the chat format", async () => {
  const tool: Tool = { description: "Looks.", inputSchema: { type: "object", properties: { at: { type: "string" } } } };
  const record = chatRecord(
    "a",
    contentOf(
      [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "Look " },
            { type: "text", text: "east." },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "hidden" },
            { type: "tool-call", id: "t1", name: "look", input: { at: "east" } },
          ],
        },
        { role: "tool", content: [{ type: "tool-result", toolCallId: "t1", output: { seen: "sea" } }] },
      ],
      "The sea.",
      { reasoning: "hidden", requests: [{ messages: [], tools: { look: tool } }] },
    ),
  );
  const { examples } = await examplesOf([record]);
  expect(examples).toEqual([
    {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Look east." },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: '{"at":"east"}' } }],
        },
        { role: "tool", tool_call_id: "call_1", content: '{"seen":"sea"}' },
        { role: "assistant", content: "The sea." },
      ],
      tools: [{ type: "function", function: { name: "look", description: "Looks.", parameters: tool.inputSchema } }],
    },
  ]);
});

test("the known line has the known digests", async () => {
  await using dataset = await build([chatRecord("a", contentOf("ping", "pong"))], { split: { test: 0, seed: "s" } });
  expect(readFileSync(dataset.train.file, "utf8")).toBe(
    '{"messages":[{"role":"user","content":"ping"},{"role":"assistant","content":"pong"}]}\n',
  );
  expect([dataset.train.bytes, dataset.train.md5]).toEqual([86, "aVEegiYzMFSoxtGF6IkYGA=="]);
});

describe("a call is left out, with its reason:", () => {
  const image = [{ role: "user", content: [{ type: "image", url: "https://x.example/a.png" }] }] as const;
  const rows: readonly (readonly [string, Partial<CallRecord>, Partial<DatasetOptions>])[] = [
    ["no-content", { content: undefined as never }, {}],
    ["source", { provider: "openai" }, {}],
    ["filtered", {}, { where: () => false }],
    ["media", { content: contentOf(image, "x") }, {}],
    ["empty", { content: contentOf("x", " ") }, {}],
    ["too-long", {}, { limits: { maxTokens: 149 } }],
    ["unknown-tokens", { attempts: [] }, { limits: { maxTokens: 1_000 } }],
    ["not-judged", {}, { accept: () => undefined }],
    ["rejected", {}, { accept: async () => false }],
    ["over-limit", {}, { limits: { maxBytes: 50 } }],
    [
      "invalid-tool-call",
      {
        content: contentOf("x", "", {
          toolCalls: [{ id: "t", name: "n", input: null, rawInput: "{", invalid: "not JSON" }],
        }),
      },
      {},
    ],
  ];
  test.each(rows)("%s", async (reason, change, options) => {
    const good = chatRecord("good", contentOf("first", "ok"));
    const record = { ...chatRecord("b", contentOf("x", "y")), ...change };
    const failing = build([record], { ...options, limits: { ...options.limits, minExamples: 1 } });
    await expect(failing).rejects.toMatchObject({
      code: "too_few_examples",
      message: expect.stringContaining(`${reason} 1`),
    });
    await using dataset = await build([good]);
    expect(dataset.report.kept).toBe(1);
  });
});

test("records of a store are read with their content", async () => {
  const store = await openRecordStore({ url: "sqlite://:memory:" });
  for (let index = 0; index < 1_200; index += 1) {
    store.recorder(
      chatRecord(`c${index}`, contentOf(`question ${index}`, "answer"), { startedAt: Date.now() - index }),
    );
  }
  await store.flush();
  await using dataset = await buildDataset(store, { allowSources: ["wandb"], workFolder: folder });
  expect([dataset.report.seen, dataset.report.kept]).toEqual([1_200, 1_200]);
  await store.close();
});

test.each([
  ["allowSources", { allowSources: [] }],
  ["split.test", { split: { test: 1, seed: "x" } }],
  ["split.seed", { split: { test: 0.1, seed: "" } }],
  ["limits.maxTokens", { limits: { maxTokens: 0 } }],
])("an option that is not valid is named: %s", async (path, options) => {
  await expect(build([], options)).rejects.toMatchObject({ code: "invalid_input", path });
});
