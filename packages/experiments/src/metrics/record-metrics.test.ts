import { type CallRecord, isRecord, LLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { RECORD_METRICS } from "../rows/experiment-rows.ts";
import { IN_CONTROL, IN_TUNED, recorded, startExperiments } from "../test-support/start-experiments.ts";

const down = () => new LLMError({ code: "server", message: "down", status: 503 });
const order = {
  jsonSchema: {
    type: "object",
    properties: { good: { type: "string" } },
    required: ["good"],
    additionalProperties: false,
  } as const,
  validate(value: unknown) {
    const isOrder = isRecord(value) && typeof value.good === "string";
    return isOrder ? { value: { good: String(value.good) } } : { issues: [{ message: "good: expected a text" }] };
  },
};

/** The means of all built-in metrics, by arm. */
async function meansOf({ experiments }: Awaited<ReturnType<typeof startExperiments>>) {
  await recorded();
  const { arms } = await experiments.report("npc-model", { figures: RECORD_METRICS });
  return arms.map(({ figures }) => Object.fromEntries(Object.entries(figures).map(([name, { mean }]) => [name, mean])));
}

test("the built-in metrics follow from the records of calls: one that was answered, one that fell back", async () => {
  const started = await startExperiments({
    steps: { a: () => ({ delayMs: 300, text: "yes" }), wandb: () => ({ delayMs: 50, error: down }) },
  });
  const { llm, clock } = started;
  const calls = [IN_CONTROL, IN_TUNED].map((agent) => llm.generateText({ prompt: "x", agent }));
  // The clock of the test: 50 ms until the second call falls back, 300 for each answer.
  for (let step = 0; step < 8; step += 1) {
    await recorded();
    await clock.advance(50);
  }
  await Promise.all(calls);
  const [control, tuned] = await meansOf(started);
  const common = { failure: 0, outputTokens: 5, schemaFailures: null };
  // A mock's answer costs 0.001 US dollars, and its failed attempt, too.
  expect(control).toEqual({ ...common, latencyMs: 300, firstTokenMs: 300, costUsd: 0.001, fallback: 0 });
  expect(tuned).toEqual({ ...common, latencyMs: 350, firstTokenMs: 350, costUsd: 0.002, fallback: 1 });
});

test("an answer that does not fit its schema counts, also if the next one does; free text counts as unknown", async () => {
  const started = await startExperiments({
    steps: {
      a: [{ text: '{"good":"wood"}' }, { text: "free text" }],
      wandb: [{ text: '{"good":7}' }, { text: '{"good":"wood"}' }],
    },
  });
  const { llm } = started;
  await llm.generateObject({ prompt: "x", agent: IN_CONTROL, schema: order });
  await llm.generateText({ prompt: "x", agent: IN_CONTROL });
  const { object } = await llm.generateObject({ prompt: "x", agent: IN_TUNED, schema: order });
  expect(object).toEqual({ good: "wood" });
  const [control, tuned] = await meansOf(started);
  expect([control?.schemaFailures, tuned?.schemaFailures]).toEqual([0, 1]);
});

test("a call that fails everywhere is a failure of its arm, and an aborted one says nothing", async () => {
  const started = await startExperiments({
    steps: { a: () => ({ error: down }), wandb: () => ({ error: down }), dark: () => ({ error: down }) },
  });
  const { llm } = started;
  await expect(llm.generateText({ prompt: "x", agent: IN_TUNED })).rejects.toThrow();
  const canceled = AbortSignal.abort();
  await expect(llm.generateText({ prompt: "x", agent: IN_CONTROL, abortSignal: canceled })).rejects.toThrow();
  const [control, tuned] = await meansOf(started);
  expect([control?.failure, tuned?.failure]).toEqual([null, 1]);
});

test("the record of a shadow call says that it is one, and of what", async () => {
  const records: CallRecord[] = [];
  const { llm, experiments } = await startExperiments({
    experiment: {
      arms: [
        { id: "control", weight: 10_000 },
        { id: "next", weight: 10_000, shadow: true, provider: "dark" },
      ],
    },
    onRecord: (record) => records.push(record),
  });
  const { callId } = await llm.generateText({ prompt: "x", agent: IN_CONTROL });
  await experiments.flush();
  await recorded();
  expect(records.map(({ purpose, metadata, experiments: of = [] }) => [purpose, metadata, of.length])).toEqual([
    [null, null, 1],
    ["experiment-shadow", { experiment: "npc-model", arm: "next", shadowOf: callId }, 0],
  ]);
});
