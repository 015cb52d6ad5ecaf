import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@babylon/llm-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSqlite, type SqliteStorage } from "./open-sqlite.ts";
import type { SqliteOptions } from "./sqlite-options.ts";

let directory: string;
let file: string;
const open = new Set<SqliteStorage>();

function create(options: Partial<SqliteOptions> = {}): SqliteStorage {
  const storage = openSqlite({
    file,
    at: "url",
    clock: systemClock,
    random: Math.random,
    prepare: (database) => database.exec("CREATE TABLE IF NOT EXISTS notes(text TEXT NOT NULL)"),
    ...options,
  });
  open.add(storage);
  return storage;
}

const add = (storage: SqliteStorage, text: string, limitMs = 1_000) =>
  storage.use((database) => database.prepare("INSERT INTO notes VALUES (?)").run(text), AbortSignal.timeout(limitMs));

const list = (storage: SqliteStorage) =>
  storage.use(
    (database) =>
      database
        .prepare("SELECT text FROM notes")
        .all()
        .map(({ text }) => text),
    AbortSignal.timeout(1_000),
  );

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "babylon-storage-"));
  file = join(directory, "data", "notes.db");
});

afterEach(async () => {
  await Promise.all([...open].map((storage) => storage.close()));
  open.clear();
  rmSync(directory, { recursive: true, force: true });
});

describe("an SQLite storage", () => {
  test("creates the directory, prepares each connection, and shares data with other storages of the file", async () => {
    const [one, other] = [create(), create()];
    expect(await add(one, "a")).toBe(1);
    expect(await list(other)).toEqual(["a"]);
    expect(one.location).toBe(file);
  });

  test("does not create a missing file if it may not", async () => {
    await expect(list(create({ create: false }))).rejects.toMatchObject({ code: "unavailable" });
    expect(existsSync(join(directory, "data"))).toBe(false);
    await add(create(), "a");
    expect(await list(create({ create: false }))).toEqual(["a"]);
  });

  test("in memory is not shared with other storages", async () => {
    const [one, other] = [create({ file: null }), create({ file: null })];
    await add(one, "a");
    expect([await list(one), await list(other)]).toEqual([["a"], []]);
  });

  test("rejects with the error of the check before anything is changed", async () => {
    const refusal = new Error("not this one");
    const refuse = () => {
      throw refusal;
    };
    await expect(list(create({ check: refuse }))).rejects.toBe(refusal);
    const signal = AbortSignal.timeout(1_000);
    const mode = await create({ wal: false, prepare: undefined }).use(
      (database) => database.prepare("PRAGMA journal_mode").get()?.journal_mode,
      signal,
    );
    expect(mode).toBe("delete");
  });

  test("rejects a write when the disk is full, keeps the stored rows and works again afterwards", async () => {
    const storage = create();
    await add(storage, "a");
    const signal = AbortSignal.timeout(5_000);
    const limit = (pages: number) =>
      storage.use((database) => database.prepare(`PRAGMA max_page_count = ${pages}`).get(), signal);
    await limit(2);
    await expect(add(storage, "x".repeat(100_000))).rejects.toMatchObject({
      name: "StorageError",
      applied: "no",
      retryable: true,
      message: expect.stringContaining("full"),
    });
    expect(await list(storage)).toEqual(["a"]);
    await limit(1_000);
    await add(storage, "x".repeat(100_000));
    expect(await list(storage)).toHaveLength(2);
  });

  test("waits for a lock until the signal aborts, without blocking the process", async () => {
    const [storage, holder] = [create(), create()];
    await list(storage);
    await holder.use((database) => database.exec("BEGIN IMMEDIATE"), AbortSignal.timeout(1_000));
    await expect(add(storage, "late", 60)).rejects.toMatchObject({ applied: "no", retryable: true });
    const waiting = add(storage, "a", 5_000);
    await holder.use((database) => database.exec("COMMIT"), AbortSignal.timeout(1_000));
    expect(await waiting).toBe(1);
    expect(await list(storage)).toEqual(["a"]);
  });

  test("calls back when another connection commits, but not for its own commits", async () => {
    const [storage, other] = [create(), create()];
    let changes = 0;
    let changed = () => {};
    const watch = await storage.watch(
      () => {
        changes += 1;
        changed();
      },
      { pollMs: 5 },
      AbortSignal.timeout(1_000),
    );
    await add(storage, "own");
    expect(changes).toBe(0);
    await new Promise<void>((resolve) => {
      changed = resolve;
      void add(other, "others");
    });
    watch.close();
    expect(changes).toBe(1);
  });

  test("reopens a replaced file, and does not create a removed file again", async () => {
    const storage = create();
    await add(storage, "a");
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
    await expect(add(storage, "b")).rejects.toMatchObject({ message: expect.stringContaining("was removed") });
    expect([storage.isLost(), storage.isInPlace()]).toEqual([true, false]);
    const restored = create({ file: `${file}.copy` });
    await add(restored, "of the copy");
    await restored.close();
    renameSync(`${file}.copy`, file);
    expect(await list(storage)).toEqual(["of the copy"]);
    expect(storage.isLost()).toBe(false);
  });

  test("rejects calls after it was closed", async () => {
    const storage = create();
    await storage.close();
    await expect(list(storage)).rejects.toMatchObject({ name: "StorageError", retryable: false });
  });
});
