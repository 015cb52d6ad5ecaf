import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallRecord } from "@babylon/llm-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatRecord, contentOf } from "../test-support/chat-record.ts";
import { PLACES } from "../test-support/planted-places.ts";
import { buildDataset } from "./build-dataset.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "babylon-planted-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PLANTED = {
  secret: "sk-ant-api03-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
  "web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
  email: "ada.lovelace@mail.example.org",
  card: "4111111111111111",
} as const;

/** All bytes of the files of a dataset. */
async function bytesOf(record: CallRecord) {
  const other = chatRecord("other", contentOf("another question", "another answer"));
  await using dataset = await buildDataset([record, other], { allowSources: ["wandb"], workFolder: folder });
  const target = join(folder, "dataset");
  await dataset.write(target);
  return {
    text: readdirSync(target)
      .map((name) => readFileSync(join(target, name), "utf8"))
      .join(""),
    report: dataset.report,
  };
}

describe.each(Object.entries(PLANTED))("a planted %s is in no byte of the files:", (kind, planted) => {
  test.each(PLACES)("%s", async (_, recordWith) => {
    const { text, report } = await bytesOf(recordWith(planted));
    expect(text).not.toContain(planted);
    expect(report.seen - report.kept).toBe(report.dropped.secret);
    if (kind === "secret" || kind === "web token") expect(report.masked).toEqual({});
  });
});

test("a password is found by its name beside it, and not for itself", async () => {
  const input = { user: "ada", password: "correct9horse" };
  const toolCalls = [{ id: "t", name: "login", input, rawInput: JSON.stringify(input), invalid: null }];
  const { report } = await bytesOf(
    chatRecord("a", contentOf("log in", "", { toolCalls }), { finishReason: "tool-calls" }),
  );
  expect(report.dropped.secret).toBe(1);
});

test("ids of tool calls do not make equal prompts different", async () => {
  const recordOf = (id: string) =>
    chatRecord(
      id,
      contentOf(
        [
          { role: "user", content: "look" },
          { role: "assistant", content: [{ type: "tool-call", id, name: "look", input: {} }] },
          { role: "tool", content: [{ type: "tool-result", toolCallId: id, output: "sea" }] },
        ],
        "The sea.",
      ),
    );
  await using dataset = await buildDataset([recordOf("call_x81"), recordOf("0123456789abcdef0123456789abcdef")], {
    allowSources: ["wandb"],
    workFolder: folder,
  });
  expect([dataset.report.kept, dataset.report.dropped.duplicate]).toEqual([1, 1]);
});
