import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import KeyvSqlite from "@keyv/sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import type { SettingsStore } from "../settings-store.ts";
import { type StoreWorker, startStoreWorker } from "../test-support/start-store-worker.ts";
import { waitUntil } from "../test-support/wait-until.ts";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

/** The limit of the benchmark is 50 ms; here it only has to be shorter than the locks, because other tests use the machine. */
const BLOCKED_MS = 400;

let directory: string;
let file: string;
const open = new Set<SettingsStore>();
const workers = new Set<StoreWorker>();

async function create(options: SettingsStoreOptions = {}): Promise<SettingsStore> {
  const store = await createSettingsStore({ url: `sqlite://${file}`, ...options });
  open.add(store);
  return store;
}

async function lock(against: "writers" | "everybody"): Promise<StoreWorker> {
  const worker = startStoreWorker({ kind: "lock", file, against });
  workers.add(worker);
  expect(await worker.next()).toBe("ready");
  return worker;
}

/** The longest time that the event loop was blocked during the work. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  await work();
  clearInterval(timer);
  return longest;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "babylon-settings-"));
  file = join(directory, "data", "settings.db");
});

afterEach(async () => {
  await Promise.all([...open].map((store) => store.close()));
  await Promise.all([...workers].map((worker) => worker.kill()));
  open.clear();
  workers.clear();
  rmSync(directory, { recursive: true, force: true });
});

describe("an SQLite file", () => {
  test("is created with its directory, and the status has its absolute path", async () => {
    const store = await create();
    expect(store.status()).toMatchObject({ backend: "sqlite", location: file, cas: "atomic", bus: "connected" });
  });

  test("is the default, below the working directory, unless the variable says otherwise", async () => {
    const before = process.cwd();
    process.chdir(directory);
    try {
      const store = await createSettingsStore({ env: {} });
      open.add(store);
      expect(store.status().location).toBe(join(process.cwd(), "data", "babylon.db"));
      const other = await createSettingsStore({ env: { BABYLON_SETTINGS_URL: ` sqlite://${file} ` } });
      open.add(other);
      expect(other.status().location).toBe(file);
    } finally {
      process.chdir(before);
    }
  });

  test("that cannot be written is an error with the variable and the path, at creation", async () => {
    writeFileSync(join(directory, "data"), "a file where a directory should be");
    await expect(createSettingsStore({ env: { BABYLON_SETTINGS_URL: `sqlite://${file}` } })).rejects.toMatchObject({
      code: "unavailable",
      retryable: false,
      message: expect.stringMatching(/BABYLON_SETTINGS_URL: .*settings\.db cannot be used/),
    });
    await expect(createSettingsStore({ url: `sqlite://${directory}` })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("it is a directory"),
    });
  });

  test("that is not a database is an error that names it, and is not changed", async () => {
    file = join(directory, "settings.db");
    writeFileSync(
      file,
      "this is certainly no database, and long enough to have a header of a hundred bytes".repeat(20),
    );
    await expect(create()).rejects.toMatchObject({ code: "corrupt", message: expect.stringContaining(file) });
  });

  test("with a table of Keyv 5 is rejected before the table is converted", async () => {
    file = join(directory, "settings.db");
    const raw = new DatabaseSync(file);
    raw.exec("CREATE TABLE babylon_settings(key VARCHAR(255) PRIMARY KEY, value TEXT)");
    raw.exec(`INSERT INTO babylon_settings VALUES ('babylon.settings.system', '{"value":1}')`);
    await expect(create()).rejects.toMatchObject({
      code: "incompatible_store",
      message: expect.stringMatching(/created by Keyv 5 .* Keyv 6/),
    });
    expect(raw.prepare("PRAGMA table_info(babylon_settings)").all()).toHaveLength(2);
    expect(raw.prepare("SELECT value FROM babylon_settings").get()).toEqual({ value: '{"value":1}' });
    raw.close();
  });

  test("announces changes between two stores with one connection", async () => {
    const adapter = new KeyvSqlite({ uri: `sqlite://${join(directory, "one.db")}`, wal: true });
    const [store, other] = [
      await create({ url: undefined, keyv: adapter }),
      await create({ url: undefined, keyv: adapter }),
    ];
    await store.update(model("A"));
    await waitUntil("the other sees it", () => other.peek()?.version === 1);
    await Promise.all([store.close(), other.close()]);
    await adapter.disconnect();
  });

  test("opened read-only is readable, and rejects changes with a typed error", async () => {
    await (await create()).update(model("A"));
    const store = await create({ url: `sqlite://${file}?mode=ro` });
    expect((await store.get()).value).toMatchObject(model("A"));
    await expect(store.update(model("B"))).rejects.toMatchObject({
      code: "unavailable",
      retryable: false,
      message: expect.stringMatching(/settings\.db: SQLite: .*readonly/),
    });
    await (await create()).update(model("C"));
    await waitUntil("the reader sees it", () => store.peek()?.version === 2);
  });

  test("with a write lock of another process is readable; a write waits without blocking the process, then is applied", async () => {
    const store = await create({ ttlMs: 20 });
    await store.update(model("A"));
    const holder = await lock("writers");
    let written = false;
    const writing = store.update(model("B")).then(() => {
      written = true;
    });
    const blocked = await longestBlock(async () => {
      const endsAt = performance.now() + 600;
      while (performance.now() < endsAt) {
        expect((await store.get()).version).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    expect(written).toBe(false);
    expect(blocked).toBeLessThan(BLOCKED_MS);
    holder.resume();
    await writing;
    expect((await store.get()).version).toBe(2);
  });

  test("with an exclusive lock of another process cannot be opened in time, and can after the lock is released", async () => {
    const store = await create({ ttlMs: 20, writeTimeoutMs: 150, loadTimeoutMs: 150 });
    await store.update(model("A"));
    await store.close();
    const holder = await lock("everybody");
    const refused = create({ loadTimeoutMs: 150 });
    await expect(refused).rejects.toMatchObject({ code: "timeout" });
    holder.resume();
    await holder.exitCode();
    const back = await create({ writeTimeoutMs: 150, loadTimeoutMs: 150 });
    expect((await back.get()).version).toBe(1);
  });

  test("rejects a write as not applied when the lock lasts longer than the write timeout", async () => {
    const store = await create({ writeTimeoutMs: 600 });
    await store.update(model("A"));
    await lock("writers");
    const blocked = await longestBlock(() =>
      expect(store.update(model("B"))).rejects.toMatchObject({ code: "timeout", retryable: true }),
    );
    expect(blocked).toBeLessThan(BLOCKED_MS);
    expect((await store.get({ fresh: true })).version).toBe(1);
  });

  test("that is replaced by another file is reopened", async () => {
    const store = await create();
    await store.update(model("A"));
    const restored = join(directory, "restored.db");
    const other = await create({ url: `sqlite://${restored}` });
    for (const name of ["B", "C", "D"]) await other.update(model(name));
    await other.close();
    rmSync(`${file}-wal`, { force: true });
    rmSync(`${file}-shm`, { force: true });
    renameSync(restored, file);
    await waitUntil("the other file is read", () => store.peek()?.version === 3);
    expect(store.peek()?.value).toMatchObject(model("D"));
  });

  test("in a directory that becomes inaccessible keeps serving the last known settings", async () => {
    const store = await create({ ttlMs: 10 });
    await store.update(model("A"));
    mkdirSync(join(directory, "elsewhere"));
    renameSync(join(directory, "data"), join(directory, "elsewhere", "data"));
    const endsAt = performance.now() + 100;
    while (performance.now() < endsAt) {
      expect((await store.get()).value).toMatchObject(model("A"));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
});
