import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import KeyvSqlite from "@keyv/sqlite";
import { Keyv } from "keyv";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import type { SettingsStore } from "../settings-store.ts";
import { waitUntil } from "../test-support/wait-until.ts";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

const LOST = {
  code: "unavailable",
  retryable: true,
  message: expect.stringMatching(/settings\.db: SQLite: the file was/),
};

let directory: string;
let file: string;
const open = new Set<SettingsStore>();

async function create(options: SettingsStoreOptions = {}): Promise<SettingsStore> {
  const store = await createSettingsStore({ url: `sqlite://${file}`, ttlMs: 600_000, ...options });
  open.add(store);
  return store;
}

/** Runs statements on the file with another connection. */
function runSql(sql: string): void {
  const database = new DatabaseSync(file, { timeout: 1_000 });
  database.exec(sql);
  database.close();
}

function remove(): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
}

/** Runs as a user for whom the directory is read-only. */
async function asReader(work: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  chmodSync(directory, isRoot ? 0o755 : 0o555);
  process.seteuid?.(isRoot ? NOBODY : (process.getuid?.() ?? 0));
  try {
    await work();
  } finally {
    becomeWriter();
  }
}

function becomeWriter(): void {
  if (process.getuid?.() === 0) process.seteuid?.(0);
  else chmodSync(directory, 0o755);
}

const NOBODY = 65_534;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "babylon-settings-"));
  file = join(directory, "settings.db");
});

afterEach(async () => {
  await Promise.all([...open].map((store) => store.close()));
  open.clear();
  rmSync(directory, { recursive: true, force: true });
});

describe("an SQLite file that is removed under a live store", () => {
  test("rejects writes at once, has the state `lost` after one check, and reads return the last known settings", async () => {
    const store = await create();
    await store.update(model("A"));
    remove();
    await expect(store.update(model("B"))).rejects.toMatchObject(LOST);
    await expect(store.get({ fresh: true })).rejects.toMatchObject(LOST);
    expect(store.status()).toMatchObject({ state: "lost", bus: "reconnecting", version: 1 });
    expect(await store.get()).toMatchObject({ fresh: false, version: 1, value: model("A") });
  });

  test("is detected by a store that only reads", async () => {
    const store = await create();
    await store.update(model("A"));
    remove();
    await waitUntil("it is lost", () => store.status().state === "lost", 3_000);
    await waitUntil("readers detect it", async () => !(await store.get()).fresh, 3_000);
    expect(store.status().lastError).toMatchObject({ code: "unavailable" });
  });

  test.each(["auto", "poll", false] as const)("is not created again by a running store (bus: %s)", async (bus) => {
    const store = await create({ bus, pollMs: 20, backoff: { minMs: 5, maxMs: 10 } });
    await store.update(model("A"));
    remove();
    for (let attempt = 0; attempt < 20; attempt++) {
      await expect(store.update(model("B"))).rejects.toMatchObject(LOST);
      await expect(store.get({ fresh: true })).rejects.toMatchObject(LOST);
    }
    expect(existsSync(file)).toBe(false);
  });

  test("and created by another process is reopened, and the next update stores the settings there", async () => {
    const store = await create();
    await store.update(model("A"));
    await store.update({ order: ["groq"] });
    remove();
    await expect(store.update(model("B"))).rejects.toMatchObject(LOST);
    const other = await create();
    expect(other.peek()?.version).toBe(0);
    const { snapshot } = await store.update(model("C"));
    expect(snapshot).toMatchObject({ version: 3, value: { ...model("C"), order: ["groq"] } });
    await waitUntil("the other sees it", () => other.peek()?.version === 3);
    await waitUntil("it is ready", () => store.status().state === "ready");
    await other.update(model("D"));
    await waitUntil("it sees the other", () => store.peek()?.version === 4);
    expect(store.status().bus).toBe("connected");
  });

  test("by moving its directory works again when the directory is restored", async () => {
    directory = join(directory, "data");
    mkdirSync(directory);
    file = join(directory, "settings.db");
    const store = await create();
    await store.update(model("A"));
    renameSync(directory, `${directory}-away`);
    await waitUntil("it is lost", () => store.status().state === "lost", 3_000);
    await expect(store.update(model("B"))).rejects.toMatchObject(LOST);
    renameSync(`${directory}-away`, directory);
    await waitUntil("it is ready", () => store.status().state === "ready", 3_000);
    expect((await store.update(model("C"))).snapshot.version).toBe(2);
    expect((await (await create()).get()).value).toMatchObject(model("C"));
    directory = join(directory, "..");
  });
});

describe("an SQLite file that is replaced under a live store", () => {
  test("receives all following writes", async () => {
    const store = await create();
    await store.update({ providers: { k0: { model: "m" } } });
    runSql("PRAGMA wal_checkpoint(TRUNCATE)");
    copyFileSync(file, `${file}.bak`);
    for (let key = 1; key <= 3; key++) await store.update({ providers: { [`k${key}`]: { model: "m" } } });
    for (const suffix of ["-wal", "-shm"]) rmSync(`${file}${suffix}`);
    renameSync(`${file}.bak`, file);
    for (let key = 4; key <= 6; key++) await store.update({ providers: { [`k${key}`]: { model: "m" } } });
    const other = await create();
    expect(Object.keys((await other.get()).value.providers)).toEqual(["k0", "k4", "k5", "k6"]);
  });

  test("whose -wal was removed is reopened without losing a write", async () => {
    const store = await create();
    await store.update(model("A"));
    for (const suffix of ["-wal", "-shm"]) rmSync(`${file}${suffix}`);
    await store.update({ order: ["groq"] });
    expect(await (await create()).get()).toMatchObject({ version: 2, value: { ...model("A"), order: ["groq"] } });
  });

  test("and that an adapter of the caller has open is lost, and reopened by its path when a new file exists", async () => {
    const adapter = new KeyvSqlite({ uri: `sqlite://${file}`, wal: true });
    const store = await create({ url: undefined, keyv: adapter });
    await store.update(model("A"));
    remove();
    await expect(store.update(model("B"))).rejects.toMatchObject(LOST);
    const other = new KeyvSqlite({ uri: `sqlite://${file}`, wal: true });
    await other.ready;
    expect((await store.update(model("B"))).snapshot.version).toBe(2);
    expect(await new Keyv({ store: other }).get("babylon.settings.system")).toMatchObject({ version: 2 });
    await store.close();
    await adapter.disconnect();
    await other.disconnect();
  });
});

describe("an SQLite file in a directory that cannot be written", () => {
  test("is read with ?mode=ro in WAL mode, too", async () => {
    await (await create()).update(model("A"));
    await Promise.all([...open].map((store) => store.close()));
    expect(existsSync(`${file}-wal`)).toBe(false);
    await asReader(async () => {
      const store = await create({ url: `sqlite://${file}?mode=ro` });
      expect(await store.get()).toMatchObject({ version: 1, value: model("A") });
      await expect(store.update(model("B"))).rejects.toMatchObject({
        code: "unavailable",
        retryable: false,
        message: expect.stringContaining("readonly"),
      });
    });
  });

  test("is reopened when another process changed it", async () => {
    const writer = await create();
    await writer.update(model("A"));
    await writer.close();
    await asReader(async () => {
      const store = await create({ url: `sqlite://${file}?mode=ro` });
      becomeWriter();
      runSql(
        'UPDATE babylon_settings SET value = replace(replace(value, \'"A"\', \'"B"\'), \'"version":1,"writeId":"1\', \'"version":2,"writeId":"2\')',
      );
      expect(existsSync(`${file}-wal`)).toBe(false);
      if (process.getuid?.() === 0) process.seteuid?.(NOBODY);
      await waitUntil("the change is seen", () => store.peek()?.value.providers.wandb?.model === "B", 5_000);
    });
  });

  test("is rejected when its -wal contains commits that cannot be read", async () => {
    await (await create()).update(model("A"));
    copyFileSync(file, `${file}.copy`);
    copyFileSync(`${file}-wal`, `${file}.copy-wal`);
    file = `${file}.copy`;
    await asReader(() =>
      expect(create({ url: `sqlite://${file}?mode=ro` })).rejects.toMatchObject({
        code: "unavailable",
        message: expect.stringContaining("wal_checkpoint"),
      }),
    );
  });
});

describe("an SQLite row", () => {
  test("without a value accepts the next update, as the error says", async () => {
    const [store, other] = [await create(), await create()];
    await store.update(model("A"));
    await waitUntil("both know it", () => other.peek()?.version === 1);
    runSql("UPDATE babylon_settings SET value = NULL, expires = 1");
    await expect(store.get({ fresh: true })).rejects.toMatchObject({ message: expect.stringContaining("next update") });
    const results = await Promise.all([store, other].map((each) => each.update({ order: ["groq"] }, { retries: 2 })));
    expect(results.map(({ committed }) => committed).sort()).toEqual([false, true]);
    expect(await store.get({ fresh: true })).toMatchObject({ version: 2, value: { ...model("A"), order: ["groq"] } });
    runSql("UPDATE babylon_settings SET value = value WHERE expires IS NULL");
    await (await create()).update(model("B"));
  });

  test("with the record as a BLOB is read and written", async () => {
    const store = await create();
    await store.update(model("A"));
    runSql("UPDATE babylon_settings SET value = CAST(value AS BLOB)");
    expect((await store.get({ fresh: true })).value).toMatchObject(model("A"));
    expect((await store.update(model("\uFFFD"))).snapshot.version).toBe(2);
    expect((await store.update(model("B"))).snapshot.version).toBe(3);
  });

  test.each([
    ["bytes that are not a record", "x'00ff00'"],
    ["a record with a byte that is not UTF-8", "CAST(replace(CAST(value AS BLOB), x'51', x'ff') AS TEXT)"],
    ["an empty text", "''"],
    ["a number", "7"],
  ])("that holds %s is corrupt, and no update is a conflict", async (_, value) => {
    const store = await create();
    await store.update(model("Q"));
    runSql(`UPDATE babylon_settings SET value = ${value}`);
    await expect(store.get({ fresh: true })).rejects.toMatchObject({ code: "corrupt" });
    await expect(store.update(model("B"))).rejects.toMatchObject({ code: "corrupt" });
    expect(store.peek()?.value).toMatchObject(model("Q"));
  });
});

/** The open files of this process; empty if the system does not list them. */
function listOpenFiles(): readonly string[] {
  if (!existsSync(DESCRIPTORS)) return [];
  return readdirSync(DESCRIPTORS).flatMap((descriptor) => {
    try {
      return [readlinkSync(join(DESCRIPTORS, descriptor))];
    } catch {
      return [];
    }
  });
}

const DESCRIPTORS = "/proc/self/fd";

test("an SQLite file is closed when its table cannot be set up", async () => {
  runSql("CREATE TABLE babylon_settings (key TEXT, namespace TEXT); CREATE TABLE babylon_settings_expires_idx (x)");
  await expect(create()).rejects.toMatchObject({ code: "unavailable" });
  expect(listOpenFiles().filter((path) => path.startsWith(directory))).toEqual([]);
});
