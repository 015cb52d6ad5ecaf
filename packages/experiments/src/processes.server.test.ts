import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { spawnProviderSimulator } from "@babylon/llm-testing";
import { createSettingsStore } from "@babylon/settings-store";
import { expect, onTestFinished, test } from "vitest";
import { createExperiments } from "./create-experiments.ts";
import { openExperimentRows } from "./rows/open-experiment-rows.ts";
import { independentHash } from "./test-support/independent-hash.ts";
import type { ProcessJob } from "./test-support/process-job.ts";
import { twoArms } from "./test-support/simulate-experiment.ts";

const PROCESSES = 8;
const SCRIPT = fileURLToPath(new URL("./test-support/process.ts", import.meta.url));

/** With `FULL_TIMINGS=1` 10,000 calls for each process, 80,000 in all. */
const CALLS = process.env.FULL_TIMINGS === "1" ? 10_000 : 500;

async function run(job: ProcessJob): Promise<{ readonly failed: number; readonly lost: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, JSON.stringify(job)], { maxBuffer: 1e8 });
  return JSON.parse(stdout);
}

async function start(fault: boolean) {
  const directory = await mkdtemp(join(tmpdir(), "babylon-experiments-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const simulator = await spawnProviderSimulator();
  onTestFinished(() => simulator.close());
  if (fault) await simulator.setFault("groq", { kind: "status", status: 503 });
  const settingsUrl = `sqlite://${directory}/settings.db`;
  const rowsUrl = `sqlite://${directory}/rows.db`;
  const settings = await createSettingsStore({ url: settingsUrl, env: {} });
  onTestFinished(() => settings.close());
  const arms = [
    { id: "control", weight: 6_000 },
    { id: "tuned", weight: 4_000, provider: "groq", model: "openai/gpt-oss-20b" },
  ];
  await settings.update({ experiments: { "npc-model": twoArms({ arms, metric: "latencyMs", direction: "down" }) } });
  const job = { env: { ...simulator.env }, settingsUrl, rowsUrl, calls: CALLS, agents: 97, concurrency: 16 };
  const ends = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) => run({ ...job, name: `process-${index}` })),
  );
  const rows = await openExperimentRows({ url: rowsUrl });
  onTestFinished(() => rows.close());
  const experiments = createExperiments({ rows, settings, guardEveryMs: null });
  onTestFinished(() => experiments.close());
  const requests = (await simulator.requests()).filter(({ endpoint }) => endpoint === "chat");
  return { ends, report: await experiments.report("npc-model"), requests };
}

/** The arm of each call in the log of the simulator. */
function armsOf(requests: Awaited<ReturnType<typeof start>>["requests"]) {
  const calls = [...new Set(requests.map(({ callId }) => String(callId)))];
  return calls.map((callId) => {
    const agent = `npc-${Number(callId.split("-").at(-1)) % 97}`;
    return independentHash("npc-model", agent) < 0.6 ? "control" : "tuned";
  });
}

test("eight processes: rows = calls, and the arms are those of an independent hash over the simulator's log", async () => {
  const { ends, report, requests } = await start(false);
  expect(ends).toEqual(Array.from({ length: PROCESSES }, () => ({ failed: 0, lost: 0 })));
  const arms = armsOf(requests);
  expect(arms).toHaveLength(PROCESSES * CALLS);
  const control = arms.filter((arm) => arm === "control").length;
  expect(report.arms.map(({ id, calls }) => [id, calls])).toEqual([
    ["control", control],
    ["tuned", arms.length - control],
  ]);
  expect(requests.filter(({ provider }) => provider === "groq")).toHaveLength(arms.length - control);
  expect([report.units, report.mixedUnits]).toEqual([97, 0]);
});

test("while the provider of an arm is down no call is lost, and its calls count as fallbacks as the log says", async () => {
  const { ends, report, requests } = await start(true);
  expect(ends).toEqual(Array.from({ length: PROCESSES }, () => ({ failed: 0, lost: 0 })));
  const tuned = armsOf(requests.filter(({ provider, status }) => provider === "wandb" && status === 200)).filter(
    (arm) => arm === "tuned",
  ).length;
  const [control, arm] = report.arms;
  expect([arm?.calls, arm?.fallbackRate, control?.fallbackRate]).toEqual([tuned, 1, 0]);
  expect((control?.calls ?? 0) + tuned).toBe(PROCESSES * CALLS);
  expect(report.served.arms[1]?.units).toBe(0);
});
