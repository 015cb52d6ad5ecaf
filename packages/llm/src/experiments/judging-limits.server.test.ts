import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { spawnProviderSimulator } from "@babylon/llm-testing";
import { createSettingsStore } from "@babylon/settings-store";
import { describe, expect, onTestFinished, test } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { startRedis } from "../../../settings-store/src/test-support/start-redis.ts";
import { COPY_MODEL, JUDGE_MODEL, type JudgingJob, USD_PER_MTOK } from "./fixtures/judging-job.ts";

const PROCESSES = 4;
const SCRIPT = fileURLToPath(new URL("./fixtures/judging-process.ts", import.meta.url));
const HOUR_MS = 3_600_000;

async function run(job: JudgingJob): Promise<{ readonly failed: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, JSON.stringify(job)], { maxBuffer: 1e8 });
  return JSON.parse(stdout);
}

const isJudged = { metric: "quality" };
const isObserved = { metric: "accepted" };

/** Runs processes with an experiment, and returns the requests of copies and judges. */
async function play(
  stateUrl: (directory: string) => Promise<string>,
  limits: Pick<JudgingJob, "maxCallsPerHour" | "maxUsdPerDay">,
  { metric }: { readonly metric: string },
) {
  const directory = await mkdtemp(join(tmpdir(), "babylon-judging-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const simulator = await spawnProviderSimulator();
  onTestFinished(() => simulator.close());
  const settings = `sqlite://${directory}/settings.db`;
  await using store = await createSettingsStore({ url: settings, env: {} });
  const arms = [
    { id: "control", weight: 5_000 },
    { id: "tuned", weight: 5_000, provider: "wandb", model: "google/gemma-4-31B-it" },
    { id: "next", weight: 10_000, shadow: true, provider: "wandb", model: COPY_MODEL },
  ];
  await store.update({
    experiments: { "npc-model": { state: "running", unit: "agent", arms, metric, direction: "up" } },
  });
  const job: JudgingJob = {
    env: { ...simulator.env },
    state: await stateUrl(directory),
    settings,
    rows: `sqlite://${directory}/rows.db`,
    calls: 60,
    isJudged: metric === "quality",
    ...limits,
  };
  const begun = Date.now();
  const ends = await Promise.all(Array.from({ length: PROCESSES }, () => run(job)));
  expect(ends).toEqual(Array.from({ length: PROCESSES }, () => ({ failed: 0 })));
  const requests = (await simulator.requests()).filter(({ endpoint }) => endpoint === "chat");
  const own = requests.filter(({ model }) => model === COPY_MODEL || model === JUDGE_MODEL);
  // Of a busy machine some are asked twice.
  const others = requests.filter((request) => !own.includes(request)).map(({ callId }) => callId);
  expect(new Set(others).size).toBe(PROCESSES * job.calls);
  const tokens = own.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0), 0);
  /** A limit begins anew with the hour and the day. */
  const periods = (ms: number) => Math.floor(Date.now() / ms) - Math.floor(begun / ms) + 1;
  return { own, usd: (tokens * USD_PER_MTOK) / 1e6, hours: periods(HOUR_MS), days: periods(24 * HOUR_MS) };
}

const STATES: readonly (readonly [string, boolean, (directory: string) => Promise<string>])[] = [
  ["an SQLite file", false, async (directory) => `sqlite://${directory}/state.db`],
  [
    "Redis",
    isServerMissing("redis"),
    async () => {
      const server = await startRedis();
      onTestFinished(() => server.stop());
      return server.url;
    },
  ],
];

describe.each(STATES)("with %s, four processes together", (_, isMissing, stateUrl) => {
  test.skipIf(isMissing)("make at most as many copies and questions to judges as the limit of the hour", async () => {
    const { own, hours } = await play(stateUrl, { maxCallsPerHour: 60, maxUsdPerDay: 1_000_000 }, isJudged);
    console.info(`${own.length} copies and questions, 60 an hour allowed`);
    expect(own.length).toBeLessThanOrEqual(60 * hours);
    // What is left is less than a copy with its judge takes.
    expect(own.length).toBeGreaterThan(60 - 3);
    expect(new Set(own.map(({ model }) => model))).toEqual(new Set([COPY_MODEL, JUDGE_MODEL]));
  });

  test.skipIf(isMissing)("spend at most the money of the day", async () => {
    const { own, usd, days } = await play(stateUrl, { maxCallsPerHour: 100_000, maxUsdPerDay: 1 }, isObserved);
    console.info(`${own.length} copies cost ${usd.toFixed(3)} of 1 US dollar a day`);
    expect(usd).toBeLessThanOrEqual(days);
    // What is left is less than one more may cost.
    expect(usd).toBeGreaterThan(0.8);
    expect(own.length).toBeLessThan(PROCESSES * 60);
  });
});
