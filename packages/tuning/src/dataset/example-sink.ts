import { join } from "node:path";
import { hashUnit } from "@babylon/experiments";
import type { CallRecord } from "@babylon/llm-core";
import { pii } from "../scrub/pii.ts";
import { createTextScrubber } from "../scrub/scrub-json.ts";
import { secrets } from "../scrub/secrets.ts";
import type { ChatExample } from "./chat-example.ts";
import type { DatasetReport } from "./dataset.ts";
import type { DatasetOptions } from "./dataset-options.ts";
import { createDigestSet, digestOf } from "./digest-set.ts";
import { DROP_REASONS, type DropReason } from "./drop-reason.ts";
import type { FileFacts } from "./file-facts.ts";
import { createLineFile } from "./line-file.ts";
import { DATASET_FILES } from "./open-dataset.ts";
import { incompleteReason, toExample } from "./to-example.ts";

/** Receives calls, and writes those that become examples. */
export interface ExampleSink {
  add(record: CallRecord): Promise<void>;
  close(): Promise<void>;
  /** After `close()`. */
  report(): DatasetReport;
}

const DEFAULT_SPLIT = { test: 0.1, seed: "babylon" };
const NO_FACTS: FileFacts = { lines: 0, bytes: 0, sha256: "", md5: "" };

/** Creates the files of a dataset in a folder. */
export async function createExampleSink(folder: string, options: DatasetOptions): Promise<ExampleSink> {
  const { allowSources, where, accept, limits = {}, split = DEFAULT_SPLIT, dedupe = "prompt" } = options;
  const { groupBy = (record: CallRecord) => record.agent, scrub = [secrets(), pii()] } = options;
  const { maxTokens, maxExamples, maxBytes } = limits;
  const scrubber = createTextScrubber(scrub);
  const files = {
    train: await createLineFile(join(folder, DATASET_FILES.train)),
    test: await createLineFile(join(folder, DATASET_FILES.test)),
  };
  const facts = { train: NO_FACTS, test: NO_FACTS };
  const groups = { train: createDigestSet(), test: createDigestSet() };
  const prompts = createDigestSet();
  // One entry for each reason.
  const dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<DropReason, number>;
  const masked: Record<string, number> = {};
  const sources: Record<string, number> = {};
  let [seen, kept] = [0, 0];
  let tokens: number | null = 0;

  /** The example of a call with its line, or why it has none. */
  async function toLine(
    record: CallRecord,
  ): Promise<{ readonly line: string; readonly key: string | null } | DropReason> {
    const incomplete = incompleteReason(record);
    if (incomplete !== null) return incomplete;
    const { provider, content } = record;
    if (content === undefined) return "no-content";
    if (provider === null || !allowSources.includes(provider)) return "source";
    if (where?.(record) === false) return "filtered";
    const length = tokensOf(record);
    if (maxTokens !== undefined && length === null) return "unknown-tokens";
    if (maxTokens !== undefined && length !== null && length > maxTokens) return "too-long";
    if (accept !== undefined) {
      const verdict = await accept(record);
      if (verdict !== true) return verdict === undefined ? "not-judged" : "rejected";
    }
    const example = toExample(content, scrubber);
    if (typeof example === "string") return example;
    const line = JSON.stringify(example);
    const key = dedupe === "none" ? null : digestOf(dedupe === "prompt" ? promptText(example) : line);
    if (key !== null && prompts.has(key)) return "duplicate";
    const isFull =
      (maxExamples !== undefined && kept >= maxExamples) ||
      (maxBytes !== undefined && files.train.bytes + files.test.bytes + Buffer.byteLength(line) + 1 > maxBytes);
    return isFull ? "over-limit" : { line, key };
  }

  return {
    async add(record) {
      seen += 1;
      const found = await toLine(record);
      const maskedHere = scrubber.takeMasked();
      if (typeof found === "string") {
        dropped[found] += 1;
        return;
      }
      if (found.key !== null) prompts.add(found.key);
      for (const [kind, count] of Object.entries(maskedHere)) masked[kind] = (masked[kind] ?? 0) + count;
      const group = groupBy(record) ?? `call ${record.callId}`;
      const side = hashUnit(split.seed, group) < split.test ? "test" : "train";
      groups[side].add(digestOf(group));
      kept += 1;
      sources[record.provider ?? ""] = (sources[record.provider ?? ""] ?? 0) + 1;
      const length = tokensOf(record);
      tokens = tokens === null || length === null ? null : tokens + length;
      await files[side].append(found.line);
    },
    async close() {
      facts.train = await files.train.close();
      facts.test = await files.test.close();
    },
    report: () => ({
      seen,
      kept,
      dropped: { ...dropped },
      masked: sorted(masked),
      sources: sorted(sources),
      groups: { train: groups.train.size, test: groups.test.size },
      tokens,
      allowSources: allowSources.toSorted(),
      split: { test: split.test, seed: split.seed },
      ...facts,
    }),
  };
}

/** The prompt and the tools, without the answer. */
const promptText = ({ messages, tools }: ChatExample): string => JSON.stringify([messages.slice(0, -1), tools ?? null]);

const sorted = (counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Tokens of the attempt that answered. */
function tokensOf({ attempts }: CallRecord): number | null {
  const { inputTokens, outputTokens } = attempts.findLast(({ outcome }) => outcome === "success")?.usage ?? {};
  return inputTokens == null || outputTokens == null ? null : inputTokens + outputTokens;
}
