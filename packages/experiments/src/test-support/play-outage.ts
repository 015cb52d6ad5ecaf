import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { createLLMClient, type ExperimentSettings } from "@babylon/llm-core";
import { spawnProviderSimulator } from "@babylon/llm-testing";
import { groq } from "@babylon/provider-groq";
import { wandb } from "@babylon/provider-wandb";
import { onTestFinished } from "vitest";
import { startTcpProxy } from "../../../settings-store/src/test-support/start-tcp-proxy.ts";
import { createExperiments } from "../create-experiments.ts";
import type { ExperimentReport } from "../report/experiment-report.ts";
import { openExperimentRows } from "../rows/open-experiment-rows.ts";
import { independentHash } from "./independent-hash.ts";

/** How long traffic flows before, during and after an outage of the first provider. */
export interface Outage {
  readonly beforeMs: number;
  readonly outageMs: number;
  /** The longest time until the provider answers again. */
  readonly recoveryMs: number;
  /** Between the starts of two calls. */
  readonly everyMs: number;
}

/** What an outage has left. */
export interface PlayedOutage {
  /** Calls that rejected. */
  readonly failed: number;
  readonly calls: number;
  readonly refusedMs: number;
  /** `arm served` of each call, in the order of their ids: as the rows say, and as the log of the simulator says. */
  readonly rows: readonly string[];
  readonly log: readonly string[];
  readonly report: ExperimentReport;
  /** The numbers of the calls that had ended before. */
  readonly endedBefore: readonly number[];
  /** Calls that started while connections were refused, and calls that the first provider answered afterwards. */
  readonly duringOutage: number;
  readonly afterOutage: number;
}

/** Calls that have ended before an outage begins. */
const MIN_ENDED_BEFORE = 30;

/** One that the simulator has, other than the default. */
const TUNED_MODEL = "openai/gpt-oss-20b";

/** Both models of W&B depend on it; the third arm begins with Groq. */
const EXPERIMENT: ExperimentSettings = {
  state: "running",
  unit: "agent",
  arms: [
    { id: "control", weight: 4_000 },
    { id: "tuned", weight: 4_000, provider: "wandb", model: TUNED_MODEL },
    { id: "groq", weight: 2_000, provider: "groq" },
  ],
  metric: "fallback",
  direction: "down",
};

/** Sends traffic over HTTP to the simulator, while the first provider refuses connections for a while in the middle. */
export async function playOutage({ beforeMs, outageMs, recoveryMs, everyMs }: Outage): Promise<PlayedOutage> {
  const directory = await mkdtemp(join(tmpdir(), "babylon-outage-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const simulator = await spawnProviderSimulator();
  onTestFinished(() => simulator.close());
  const way = await startTcpProxy(String(simulator.env.WANDB_BASE_URL));
  onTestFinished(() => way.close());
  const file = join(directory, "rows.db");
  const rows = await openExperimentRows({ url: `sqlite://${file}` });
  const settings = { order: null, providers: {}, agents: {}, experiments: { outage: EXPERIMENT } };
  const source = { peek: () => ({ value: settings, version: 1 }), get: async () => ({ value: settings, version: 1 }) };
  const experiments = createExperiments({ rows, settings: source, guardEveryMs: null });
  const llm = createLLMClient({
    providers: [wandb(), groq()],
    env: { ...simulator.env, WANDB_BASE_URL: way.url },
    settings,
    router: experiments.router,
    recorders: [experiments.recorder],
  });

  let failed = 0;
  let calls = 0;
  let answeredByFirst = 0;
  const running: Promise<void>[] = [];
  const ended: number[] = [];
  function startCall(): void {
    const number = calls;
    const options = { agent: `npc-${calls % 97}`, callId: callIdOf(calls), transport: "json" } as const;
    calls += 1;
    const call = llm.generateText({ prompt: "x", ...options }).then(
      ({ provider }) => {
        if (provider === "wandb") answeredByFirst += 1;
      },
      () => {
        failed += 1;
      },
    );
    running.push(call.then(() => void ended.push(number)));
  }
  /** Starts calls at their times, until a time or a condition. */
  async function flow(forMs: number, isOver = (): boolean => false): Promise<void> {
    const begun = performance.now();
    for (let at = 0; at < forMs && !isOver(); at += everyMs) {
      startCall();
      await wait(Math.max(0, begun + at + everyMs - performance.now()));
    }
  }

  await flow(beforeMs);
  // The first calls of a process wait until its code is loaded.
  await flow(recoveryMs, () => ended.length >= MIN_ENDED_BEFORE);
  const endedBefore = [...ended];
  const [refusedAt, callsBefore] = [performance.now(), calls];
  await way.refuse();
  await flow(outageMs);
  await way.accept();
  const [refusedMs, duringOutage, answeredBefore] = [
    performance.now() - refusedAt,
    calls - callsBefore,
    answeredByFirst,
  ];
  await flow(recoveryMs, () => answeredByFirst > answeredBefore + 20);
  await Promise.all(running);
  await llm.close();
  await experiments.flush();
  const report = await experiments.report("outage");
  await experiments.close();
  await rows.close();
  const afterOutage = answeredByFirst - answeredBefore;
  const log = servedByLog(await simulator.requests(), calls);
  const counts = { endedBefore, duringOutage, afterOutage };
  return { failed, calls, refusedMs, rows: servedByRows(file), log, report, ...counts };
}

const callIdOf = (call: number): string => `call-${String(call).padStart(6, "0")}`;

function servedByRows(file: string): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const found = database
    .prepare("SELECT call_id, arm, served FROM babylon_experiment_exposures ORDER BY call_id")
    .all();
  database.close();
  return found.map(({ call_id, arm, served }) => `${call_id} ${arm} ${served}`);
}

/** The last request of a call that was answered is the one that served it: an answer that was cut on its way is asked for again. */
function servedByLog(
  requests: readonly {
    readonly callId: string | null;
    readonly endpoint: string;
    readonly status: number | null;
    readonly provider: string;
    readonly model: string | null;
  }[],
  calls: number,
): readonly string[] {
  const answers = new Map<string, { readonly provider: string; readonly model: string | null }>();
  for (const { callId, endpoint, status, provider, model } of requests) {
    if (endpoint === "chat" && status === 200 && callId !== null) answers.set(callId, { provider, model });
  }
  return Array.from({ length: calls }, (_, call) => {
    const arm = armOf(`npc-${call % 97}`);
    const answer = answers.get(callIdOf(call));
    const isIntended =
      arm === "groq"
        ? answer?.provider === "groq"
        : answer?.provider === "wandb" && (answer.model === TUNED_MODEL) === (arm === "tuned");
    return `${callIdOf(call)} ${arm} ${answer === undefined ? "none" : isIntended ? "intended" : "fallback"}`;
  });
}

function armOf(agent: string): string {
  const place = independentHash("outage", agent);
  return place < 0.4 ? "control" : place < 0.8 ? "tuned" : "groq";
}
