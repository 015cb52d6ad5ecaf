import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsEvent } from "../status/settings-event.ts";
import { createGatedAdapter, type GatedAdapter } from "../test-support/gated-adapter.ts";
import { SETTINGS_KEY } from "../test-support/test-backend.ts";
import { waitUntil } from "../test-support/wait-until.ts";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

describe("a last-known-good file", () => {
  let directory: string;
  let file: string;
  let adapter: GatedAdapter;

  const create = (options = {}) =>
    createSettingsStore({ keyv: adapter, lastKnownGood: file, backoff: { minMs: 5, maxMs: 10 }, ...options });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "babylon-settings-"));
    file = join(directory, "deep", "last-known-good.json");
    adapter = createGatedAdapter();
    const store = await create();
    await store.update(model("A"));
    await store.update(model("B"));
    await store.close();
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test("lets a process start while the backend is down, with the state `stale` until it recovers", async () => {
    adapter.failWith(new Error("refused"));
    const events: SettingsEvent[] = [];
    const store = await create({ onEvent: (event: SettingsEvent) => events.push(event) });
    const snapshot = store.peek();
    expect(snapshot).toMatchObject({ version: 2, source: "last-known-good", fresh: false, value: model("B") });
    expect(snapshot?.ageMs).toBeGreaterThanOrEqual(0);
    expect(store.status()).toMatchObject({ state: "stale", source: "last-known-good" });
    expect((await store.history()).map(({ version }) => version)).toEqual([2, 1]);
    await expect(store.update(model("C"))).rejects.toMatchObject({ code: "unavailable" });
    adapter.failWith(null);
    await waitUntil("the backend is noticed", () => store.peek()?.source === "stored");
    expect(events.map(({ type }) => type)).toEqual(["stale", "recovered"]);
    await store.close();
  });

  test("is used when the stored record is corrupt or too new, and is not overwritten by it", async () => {
    for (const raw of ["broken", adapter.data.get(SETTINGS_KEY)?.replace('"schema":1', '"schema":2') ?? ""]) {
      adapter.data.set(SETTINGS_KEY, raw);
      const store = await create();
      expect(store.peek()).toMatchObject({ version: 2, source: "last-known-good" });
      await store.close();
      expect(adapter.data.get(SETTINGS_KEY)).toBe(raw);
    }
  });

  test.each(["", "{", '{"savedAt":"2026-11-22","record":"x"}', '{"savedAt":"never","record":1}', "[]"])(
    "that holds %j is ignored",
    async (text) => {
      writeFileSync(file, text);
      adapter.failWith(new Error("refused"));
      await expect(create()).rejects.toMatchObject({ code: "unavailable" });
      adapter.failWith(null);
      const store = await create();
      expect(store.peek()).toMatchObject({ version: 2, source: "stored" });
      await store.close();
    },
  );

  test("is readable by its owner only, and is updated after each change", async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const store = await create();
    await store.update(model("C"));
    await store.close();
    expect(readFileSync(file, "utf8")).toContain('\\"version\\":3');
  });

  test("that cannot be written does not affect reads or updates", async () => {
    const lines: string[] = [];
    const logger = { debug() {}, info() {}, warn() {}, error: (message: string) => lines.push(message) };
    writeFileSync(join(directory, "file"), "");
    const store = await create({ lastKnownGood: join(directory, "file", "x.json"), logger });
    await store.update(model("C"));
    expect((await store.get()).version).toBe(3);
    await store.close();
    expect(lines[0]).toContain("last-known-good");
  });
});
