import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type SpawnedSimulator, spawnProviderSimulator } from "@babylon/llm-testing";
import { expect, onTestFinished } from "vitest";
import { describeOnEngines } from "./describe-on-engines.ts";

interface Answer {
  readonly provider: string;
  /** The links that are ready afterwards. */
  readonly ready: readonly string[];
}

/** Starts a process; returns the function that makes it call. */
function startWorker(state: string, env: Readonly<Record<string, string>>): () => Promise<Answer> {
  const script = fileURLToPath(new URL("./vendor-facts-worker.ts", import.meta.url));
  const args = [script, JSON.stringify({ state, env })];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"], env: {} });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  onTestFinished(async () => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  });
  return async () => {
    child.stdin.write("call\n");
    const { value } = await lines.next();
    return JSON.parse(value ?? "null");
  };
}

async function startSimulator(): Promise<SpawnedSimulator> {
  const simulator = await spawnProviderSimulator();
  onTestFinished(() => simulator.close());
  return simulator;
}

const callsTo = async (simulator: SpawnedSimulator, provider: string): Promise<number> =>
  (await simulator.requests()).filter((request) => request.endpoint === "chat" && request.provider === provider).length;

describeOnEngines(
  "a Retry-After that one of three processes got: the others send nothing to that key",
  60_000,
  async (state) => {
    const simulator = await startSimulator();
    // One after the other: the first one creates what they share. All of them run, and listen.
    const workers: (() => Promise<Answer>)[] = [];
    for (let worker = 0; worker < 3; worker += 1) {
      const call = startWorker(state, { ...simulator.env });
      expect((await call()).provider).toBe("wandb");
      workers.push(call);
    }
    const [one, two, three] = workers;
    if (one === undefined || two === undefined || three === undefined) throw new Error("no workers");
    const fault = { kind: "status", status: 429, headers: { "retry-after": "60" } } as const;
    await simulator.setFault("wandb", fault, { times: 1 });
    expect((await one()).provider).toBe("groq");
    const before = await callsTo(simulator, "wandb");
    // A message takes a moment, at most a second with a file.
    await expect.poll(async () => (await two()).ready, { timeout: 15_000, interval: 100 }).not.toContain("wandb");
    await expect.poll(async () => (await three()).ready, { timeout: 15_000, interval: 100 }).not.toContain("wandb");
    const heardAt = await callsTo(simulator, "wandb");
    for (let call = 0; call < 10; call += 1) {
      expect((await two()).provider).toBe("groq");
      expect((await three()).provider).toBe("groq");
    }
    expect(await callsTo(simulator, "wandb")).toBe(heardAt);
    // Only calls that began before the message could be sent; with the first call of each at the latest they know it.
    expect(heardAt - before).toBeLessThanOrEqual(2);
    // Another key is another matter.
    const other = startWorker(state, { ...simulator.env, WANDB_API_KEY: `${simulator.env.WANDB_API_KEY}-other` });
    await other();
    expect(await callsTo(simulator, "wandb")).toBe(heardAt + 1);
  },
);

describeOnEngines("a broken network of one process opens no breaker of another", 60_000, async (state) => {
  const simulator = await startSimulator();
  const broken = startWorker(state, { ...simulator.env, WANDB_BASE_URL: "http://127.0.0.1:1/v1" });
  const whole = startWorker(state, { ...simulator.env });
  expect((await whole()).provider).toBe("wandb");
  for (let call = 0; call < 5; call += 1) {
    const { provider, ready } = await broken();
    expect(provider).toBe("groq");
    expect(ready).not.toContain("wandb");
    expect(await whole()).toMatchObject({ provider: "wandb", ready: expect.arrayContaining(["wandb"]) });
  }
  expect(await callsTo(simulator, "wandb")).toBe(6);
});
