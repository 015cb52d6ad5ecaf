import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

interface Report {
  readonly answers: number;
  readonly spans: readonly {
    readonly name: string;
    readonly kind: number;
    spanId: string;
    parent: string | null;
    tokens: number | null;
  }[];
  readonly metrics: readonly string[];
}

const PROGRAM = fileURLToPath(new URL("../test-support/sdk-program.ts", import.meta.url));

async function run(...versions: readonly string[]): Promise<Report> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, ...versions]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe("works with", () => {
  it.each([
    ["SDK 2 and API 1.9", "2", "1.9", "1.9"],
    ["SDK 3 and API 1.10", "3", "1.10", "1.10"],
    ["SDK 3 and API 1.10, beside a copy of API 1.9 for this package", "3", "1.10", "1.9"],
  ])("%s", async (_, ...versions) => {
    const { answers, spans, metrics } = await run(...versions);
    expect(answers).toBe(2);
    const request = spans.find(({ name }) => name === "request");
    const calls = spans.filter(({ name }) => name === "llm call");
    const attempts = spans.filter(({ name }) => name === "chat a-model");
    expect(calls.map(({ parent }) => parent)).toEqual([request?.spanId, request?.spanId]);
    expect(attempts.map(({ parent }) => parent).toSorted()).toEqual(calls.map(({ spanId }) => spanId).toSorted());
    expect(attempts.map(({ kind, tokens }) => [kind, tokens])).toEqual([
      [2, 10],
      [2, 10],
    ]);
    expect(spans.length).toBe(5);
    expect(metrics).toEqual(
      expect.arrayContaining([
        "babylon.calls",
        "gen_ai.client.inference.duration",
        "gen_ai.client.inference.usage.input_tokens",
      ]),
    );
  });
});

it("with an older API under the SDK than under this package nothing is recorded, and nothing fails", async () => {
  const { answers, spans, metrics } = await run("2", "1.9", "1.10");
  expect(answers).toBe(2);
  expect(spans.map(({ name }) => name)).toEqual(["request"]);
  expect(metrics).toEqual([]);
});
