import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type RecordedRequest, spawnProviderSimulator } from "@babylon/llm-testing";

/** What a process of the proof does. */
export interface ConcurrencyJob {
  readonly state: string;
  readonly limit: number;
  readonly model: string;
  /** Its prompt, by which the log of the simulator knows it. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Options of {@link runSharedConcurrency}. */
export interface SharedConcurrencyOptions {
  readonly state: string;
  readonly processes: number;
  /** Calls in flight that the simulator allows; one more is a 429. */
  readonly limit: number;
  /** How long all of them run, milliseconds. */
  readonly runMs: number;
  /** How long the first process is stopped in the middle of that, milliseconds. */
  readonly frozenMs: number;
  /** How long the calls of the first process take; those of the others take 150. */
  readonly heldMs: number;
}

/** What the simulator has seen. Times are epoch milliseconds. */
export interface SharedConcurrencyReport {
  /** Answered calls of each process, also of the first. */
  readonly answered: readonly number[];
  /** When a call was refused because there was one too many. */
  readonly refusedAt: readonly number[];
  readonly frozenAt: number;
  /** When a process got no answer of the engine in time, which happens on a machine that is busy: then it has no lease. */
  readonly awayAt: readonly number[];
  /** The largest number of calls in flight at once of the processes that were not stopped. */
  readonly mostOfOthers: number;
}

const CALL_MS = 150;

/** Longer than between two signs of life of a process. */
const SEEN_MS = 5_500;
const SLOW_MODEL = "openai/gpt-oss-120b";
const MODEL = "meta-llama/Llama-3.3-70B-Instruct";

const nameOf = (process: number): string => `process ${process}`;

/** Runs processes that share a limit against a simulator that enforces it. */
export async function runSharedConcurrency(options: SharedConcurrencyOptions): Promise<SharedConcurrencyReport> {
  const { state, processes, limit, runMs, frozenMs, heldMs } = options;
  await using simulator = await spawnProviderSimulator({
    latencyMs: CALL_MS,
    maxConcurrency: { wandb: limit },
    recordBodies: true,
    faults:
      heldMs > CALL_MS ? [{ provider: "wandb", model: SLOW_MODEL, fault: { kind: "slow", delayMs: heldMs } }] : [],
  });
  const children: ChildProcess[] = [];
  const awayAt: number[] = [];
  try {
    for (let process = 0; process < processes; process += 1) {
      const model = process === 0 ? SLOW_MODEL : MODEL;
      children.push(await startWorker({ state, limit, model, name: nameOf(process), env: { ...simulator.env } }));
      children.at(-1)?.stdout?.on("data", () => awayAt.push(Date.now()));
    }
    // By then all of them have seen each other, which is what their shares in an outage depend on.
    await sleep(SEEN_MS);
    await simulator.reset();
    await sleep((runMs - frozenMs) / 2);
    const frozenAt = Date.now();
    children[0]?.kill("SIGSTOP");
    await sleep(frozenMs);
    children[0]?.kill("SIGCONT");
    await sleep((runMs - frozenMs) / 2);
    const requests = (await simulator.requests()).filter(({ endpoint }) => endpoint === "chat");
    return { ...reportOf(requests, processes, frozenAt), awayAt };
  } finally {
    await Promise.all(children.map(end));
  }
}

async function startWorker(job: ConcurrencyJob): Promise<ChildProcess> {
  const script = fileURLToPath(new URL("./concurrency-worker.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(job)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {},
  });
  await once(child.stdout, "data");
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

function reportOf(
  requests: readonly RecordedRequest[],
  processes: number,
  frozenAt: number,
): Omit<SharedConcurrencyReport, "awayAt"> {
  const isOf = (process: number) => (request: RecordedRequest) =>
    JSON.stringify(request.body).includes(`"${nameOf(process)}"`);
  const served = requests.filter(({ status }) => status !== 429);
  const isOfFirst = isOf(0);
  return {
    answered: Array.from({ length: processes }, (_, process) => served.filter(isOf(process)).length),
    refusedAt: requests.filter(({ status }) => status === 429).map(({ receivedAt }) => receivedAt),
    frozenAt,
    mostOfOthers: mostInFlight(served.filter((request) => !isOfFirst(request))),
  };
}

function mostInFlight(requests: readonly RecordedRequest[]): number {
  const changes = requests.flatMap(({ receivedAt, endedAt }) => [
    { at: receivedAt, by: 1 },
    { at: endedAt ?? Number.POSITIVE_INFINITY, by: -1 },
  ]);
  // Of the same millisecond the ends first.
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let running = 0;
  let most = 0;
  for (const { by } of changes) {
    running += by;
    most = Math.max(most, running);
  }
  return most;
}

/** How long a process that got no answer may use more than the engine knows: until the leases that it had have ended. */
const AFTER_AWAY_MS = 17_000;

/** The refusals that no process without an answer of the engine explains. */
export const unexplained = ({ refusedAt, awayAt }: SharedConcurrencyReport): readonly number[] =>
  refusedAt.filter((at) => !awayAt.some((away) => at > away - 1_000 && at < away + AFTER_AWAY_MS));
