/** A process that shares a state. Its job is its argument. */
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { SharedState } from "../contract/shared-state.ts";
import { openSharedState } from "../open-shared-state.ts";
import type { WorkerJob } from "./worker-job.ts";

const job: WorkerJob = JSON.parse(process.argv[2] ?? "");

const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const state = await openSharedState({
  url: job.kind === "lock" ? "memory://" : job.url,
  timeoutMs: job.kind === "reserve" ? undefined : 10_000,
});

type JobOf<K extends WorkerJob["kind"]> = Extract<WorkerJob, { readonly kind: K }>;

async function spend(
  { ledger }: SharedState,
  { key, limit, amount, settlesBeforeHolding }: JobOf<"spend">,
): Promise<void> {
  let spent = 0;
  let settles = 0;
  const ask = (leaseMs: number) => ({
    id: `${process.pid}-${Math.random()}`,
    amount,
    leaseMs,
    scopes: [{ key, limit, endsInMs: 3_600_000 }],
  });
  async function spendOne(): Promise<boolean> {
    const asked = ask(60_000);
    const answer = await ledger.reserve(asked);
    if (!answer.ok) {
      if (answer.waitFor !== "holds") return false;
      await sleep(5);
      return true;
    }
    await sleep(1 + Math.random() * 4);
    const used = Math.floor(Math.random() * amount);
    await ledger.settle(asked.id, { spent: used, presumed: 0 });
    spent += used;
    settles += 1;
    return true;
  }
  const isDone = (): boolean => settlesBeforeHolding !== null && settles >= settlesBeforeHolding;
  async function spendOn(): Promise<void> {
    while (!isDone() && (await spendOne())) {
      // `spendOne` does the work.
    }
  }
  await Promise.all(Array.from({ length: 16 }, spendOn));
  if (settlesBeforeHolding !== null) {
    for (let hold = 0; hold < 16; hold += 1) await ledger.reserve(ask(3_000));
  }
  say({ spent });
  if (settlesBeforeHolding !== null) await sleep(600_000);
}

async function call({ slots }: SharedState, { key, limit, ttlMs, counterPort }: JobOf<"call">): Promise<void> {
  const counter = connect(counterPort, "127.0.0.1");
  await once(counter, "connect");
  counter.on("error", () => process.exit());
  const acknowledgements: (() => void)[] = [];
  createInterface({ input: counter }).on("line", () => acknowledgements.shift()?.());
  const announce = (sign: "+" | "-"): Promise<void> =>
    new Promise((resolve) => {
      acknowledgements.push(resolve);
      counter.write(`${sign}\n`);
    });
  let running = 0;
  for (;;) {
    if (running >= limit) {
      await sleep(1);
      continue;
    }
    const answer = await slots.acquire(key, limit, ttlMs);
    if ("waitMs" in answer) {
      await sleep(answer.waitMs);
      continue;
    }
    running += 1;
    void (async () => {
      const renewal = setInterval(() => void answer.renew(), ttlMs / 3);
      await announce("+");
      await sleep(100 + Math.random() * 100);
      // The slot is released after the call has ended for the other side, too.
      await announce("-");
      clearInterval(renewal);
      await answer.release();
      running -= 1;
    })();
  }
}

async function idle({ ledger, facts, slots, close }: SharedState, job: JobOf<"idle">): Promise<void> {
  facts.listen(() => {});
  await ledger.reserve({ id: "idle", scopes: [{ key: "idle", limit: 10 }], amount: 1, leaseMs: 1_000 });
  await slots.acquire("idle", 5, 60_000);
  facts.say({ key: "idle", code: "quota", forMs: 60_000 });
  await facts.current();
  if (!job.close) return say({ done: true });
  await close();
  // The streams of the process itself remain.
  say({ open: process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY)Wrap$/.test(name)) });
}

async function reserve({ ledger, status }: SharedState, job: JobOf<"reserve">): Promise<void> {
  const { key, limit, amount, asks } = job;
  const scopes = [{ key, limit, endsInMs: 3_600_000 }];
  let granted = 0;
  let failed = 0;
  async function ask(number: number): Promise<void> {
    try {
      const answer = await ledger.reserve({ id: `${process.pid}-${number}`, scopes, amount, leaseMs: 600_000 });
      if (answer.ok) granted += 1;
    } catch {
      failed += 1;
      while (!status().connected) await sleep(20);
      await ask(number);
    }
  }
  await Promise.all(Array.from({ length: asks }, (_, number) => ask(number)));
  say({ granted, failed });
}

async function lock({ url }: JobOf<"lock">): Promise<void> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(url.slice("sqlite://".length), { timeout: 5_000 });
  database.exec("BEGIN EXCLUSIVE");
  say({ locked: true });
  await sleep(600_000);
  database.close();
}

switch (job.kind) {
  case "reserve":
    await reserve(state, job);
    await state.close();
    break;
  case "lock":
    await lock(job);
    break;
  case "spend":
    await spend(state, job);
    await state.close();
    break;
  case "call":
    await call(state, job);
    break;
  case "idle":
    await idle(state, job);
}
