import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import { createSettingsStore, isSettingsError } from "../index.ts";
import { importRedis5 } from "./import-redis5.ts";
import type { CountingReport, ReadingReport, WorkerJob } from "./worker-job.ts";

/** A separate process for tests: runs the job in its first argument and writes JSON lines. */

const say = (message: unknown): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

/** Resolves on a message of the parent, or when the parent has ended. */
async function toldToStop(): Promise<void> {
  process.stdin.resume();
  await Promise.race([once(process.stdin, "data"), once(process.stdin, "end")]);
  process.stdin.destroy();
}

async function increment(
  store: Awaited<ReturnType<typeof createSettingsStore>>,
  actor: string,
): Promise<number | null> {
  const { snapshot } = await store.update(
    (value) => {
      const before = Number(value.providers.counter?.model?.split(":")[1] ?? 0);
      return { providers: { counter: { model: `count:${before + 1}` } } };
    },
    { actor },
  );
  return snapshot.version;
}

async function count(job: Extract<WorkerJob, { kind: "count" }>): Promise<void> {
  const drivers = job.redisMajor === 5 ? { importPackage: importRedis5 } : {};
  const store = await createSettingsStore({ url: job.url, ...drivers });
  say("ready");
  await toldToStop();
  const failed: string[] = [];
  const versions: (number | null)[] = [];
  const startedAt = performance.now();
  for (let time = 0; time < job.times; time++) {
    await increment(store, `process ${process.pid}`).then(
      (version) => versions.push(version),
      (thrown: unknown) => failed.push(String(thrown)),
    );
  }
  const tookMs = performance.now() - startedAt;
  await store.close();
  const report: CountingReport = { done: versions.length, failed, versions, tookMs };
  say(report);
}

async function countForever(job: Extract<WorkerJob, { kind: "count-forever" }>): Promise<void> {
  const store = await createSettingsStore({ url: job.url });
  for (;;) say({ version: await increment(store, "forever") });
}

async function watch(job: Extract<WorkerJob, { kind: "watch" }>): Promise<void> {
  const store = await createSettingsStore({ url: job.url });
  store.subscribe(({ version }) => say({ version, at: String(process.hrtime.bigint()) }));
  say("ready");
  await toldToStop();
  await store.close();
}

async function read(job: Extract<WorkerJob, { kind: "read" }>): Promise<void> {
  const store = await createSettingsStore({ url: job.url, ttlMs: job.ttlMs });
  const report = { reads: 0, failed: 0, slowestMs: 0, blockedMs: 0, staleReads: 0 };
  const versions = new Set<number | null>();
  let stopped = false;
  let lastTurn = performance.now();
  const turns = setInterval(() => {
    const now = performance.now();
    report.blockedMs = Math.max(report.blockedMs, now - lastTurn - 1);
    lastTurn = now;
  }, 1);

  async function readOnce(): Promise<void> {
    const startedAt = performance.now();
    try {
      const snapshot = store.peek() ?? (await store.get());
      if (!versions.has(snapshot.version)) say({ saw: snapshot.version });
      versions.add(snapshot.version);
      if (!snapshot.fresh) report.staleReads += 1;
    } catch {
      report.failed += 1;
    }
    report.reads += 1;
    report.slowestMs = Math.max(report.slowestMs, performance.now() - startedAt);
  }

  say("ready");
  const startedAt = performance.now();
  let due = 0;
  const reading = (async () => {
    while (!stopped) {
      const target = performance.now() - startedAt;
      while (due < target) {
        due += 1;
        void readOnce();
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  await toldToStop();
  stopped = true;
  await reading;
  clearInterval(turns);
  const { backendReads, state } = store.status();
  const done: ReadingReport = { ...report, backendReads, state, versions: [...versions] };
  say(done);
  await store.close();
}

async function lock(job: Extract<WorkerJob, { kind: "lock" }>): Promise<void> {
  const database = new DatabaseSync(job.file);
  database.exec("PRAGMA busy_timeout = 5000");
  if (job.against === "everybody") database.exec("PRAGMA locking_mode = EXCLUSIVE");
  // In WAL mode this keeps other writers out; readers too, with the exclusive locking mode.
  database.exec("BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS in_the_way (x)");
  if (job.against === "everybody") database.exec("COMMIT; BEGIN EXCLUSIVE");
  say("ready");
  await toldToStop();
  database.exec("ROLLBACK");
  database.close();
}

async function exit(job: Extract<WorkerJob, { kind: "exit" }>): Promise<void> {
  const store = await createSettingsStore({ url: job.url });
  await store.update({ order: ["groq"] });
  const { version } = await store.get();
  if (job.close) await store.close();
  say({ version, at: performance.timeOrigin + performance.now() });
}

async function work(job: WorkerJob): Promise<void> {
  switch (job.kind) {
    case "count":
      return count(job);
    case "count-forever":
      return countForever(job);
    case "watch":
      return watch(job);
    case "read":
      return read(job);
    case "lock":
      return lock(job);
    case "exit":
      return exit(job);
  }
}

work(JSON.parse(process.argv[2] ?? "null")).catch((thrown: unknown) => {
  say({ error: isSettingsError(thrown) ? thrown.code : "unknown", message: String(thrown) });
  process.exitCode = 1;
});
