import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Keyv } from "keyv";
import { Keyv as Keyv5 } from "keyv5";
import { afterEach, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsStore } from "../settings-store.ts";
import { createGatedAdapter } from "../test-support/gated-adapter.ts";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

const open = new Set<SettingsStore>();

async function create(keyv: object): Promise<SettingsStore> {
  const store = await createSettingsStore({ keyv, pollMs: 60_000 });
  open.add(store);
  return store;
}

afterEach(async () => {
  await Promise.all([...open].map((store) => store.close()));
  open.clear();
});

describe("a Keyv of the caller", () => {
  const KEY = "babylon.settings.system";
  /** The major versions have different types for the same call. */
  const readBy = (keyv: Keyv | Keyv5): Promise<unknown> => (keyv instanceof Keyv ? keyv.get(KEY) : keyv.get(KEY));

  test.each<[string, string, string, (store: Map<string, unknown>, namespace?: string) => Keyv | Keyv5]>([
    [
      "Keyv 5",
      `keyv:${KEY}`,
      `app:${KEY}`,
      (store, namespace) => new Keyv5({ store, ...(namespace === undefined ? {} : { namespace }) }),
    ],
    [
      "Keyv 6",
      KEY,
      `app::${KEY}`,
      (store, namespace) => new Keyv({ store, ...(namespace === undefined ? {} : { namespace }) }),
    ],
  ])(
    "%s in memory is used through its get and set, with its namespaced key",
    async (_, plain, namespaced, createKeyv) => {
      const map = new Map<string, unknown>();
      await (await create(createKeyv(map))).update(model("A"));
      await (await create(createKeyv(map, "app"))).update(model("B"));
      expect([...map.keys()]).toEqual([plain, namespaced]);
      expect(await readBy(createKeyv(map, "app"))).toMatchObject({ version: 1, settings: model("B") });
      expect((await (await create(createKeyv(map, "other"))).get()).version).toBe(0);
      expect((await (await create(createKeyv(map))).get()).value).toMatchObject(model("A"));
      expect((await (await create(createKeyv(map, "app"))).get()).value).toMatchObject(model("B"));
    },
  );

  test("reports failures with any listeners and options", async () => {
    for (const throwOnErrors of [true, false]) {
      const adapter = createGatedAdapter();
      const asyncAdapter = { ...adapter, delete: async () => true, clear: async () => {}, has: async () => false };
      for (const keyv of [new Keyv({ store: asyncAdapter }), new Keyv5({ store: asyncAdapter, throwOnErrors })]) {
        keyv.on("error", () => {});
        adapter.failWith(null);
        const store = await create(keyv);
        adapter.failWith(new Error("refused"));
        await expect(store.get({ fresh: true })).rejects.toMatchObject({ code: "unavailable" });
        await expect(store.update(model("A"))).rejects.toMatchObject({ code: "unavailable" });
        await store.close();
      }
    }
  });

  test("rejects a read when its adapter reports the failure only by an event", async () => {
    let listener: (error: unknown) => void = () => {};
    const keyv = {
      failing: false,
      on: (_: string, given: (error: unknown) => void) => {
        listener = given;
      },
      async get() {
        if (this.failing) listener(new Error("hidden"));
        return undefined;
      },
      async set() {
        return !this.failing;
      },
    };
    const store = await create(keyv);
    expect((await store.get()).version).toBe(0);
    keyv.failing = true;
    await expect(store.get({ fresh: true })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("hidden"),
    });
  });

  test("survives an asynchronous error event without other listeners", async () => {
    const { EventEmitter } = await import("node:events");
    const adapter = createGatedAdapter();
    const emitter = Object.assign(new EventEmitter(), { ...adapter, delete: async () => true, clear: async () => {} });
    for (const keyv of [new Keyv({ store: emitter }), new Keyv5({ store: emitter })]) {
      const store = await create(keyv);
      emitter.emit("error", new Error("lost the connection"));
      expect((await store.get()).version).toBe(0);
    }
  });

  test("that compresses or encrypts is rejected", async () => {
    const compression = { compress: async (value: unknown) => value, decompress: async (value: unknown) => value };
    for (const keyv of [new Keyv({ compression }), new Keyv5({ compression: { ...compression, opts: {} } })]) {
      await expect(create(keyv)).rejects.toMatchObject({ code: "incompatible_store" });
    }
  });

  test.each([[{}], [{ get: 1, set: 2 }], [[]]])("with the value %j is rejected", async (keyv) => {
    await expect(create(keyv)).rejects.toMatchObject({ code: "invalid", path: "keyv" });
  });
});

describe("options", () => {
  test.each([
    [{ url: "memory://", keyv: new Map() }, "keyv"],
    [{ url: "mongodb://host" }, "url"],
    [{ url: "memory://", key: "a:b" }, "key"],
    [{ url: "memory://", table: 'x"; DROP TABLE y' }, "table"],
    [{ url: "memory://", ttlMs: -1 }, "ttlMs"],
    [{ url: "memory://", loadTimeoutMs: Number.NaN }, "loadTimeoutMs"],
    [{ url: "memory://", defaults: { order: ["No"] } }, "defaults.order.0"],
    [{ env: { BABYLON_SETTINGS_URL: "ftp://x" } }, "BABYLON_SETTINGS_URL"],
  ])("%# are rejected by name", async (options, path) => {
    await expect(createSettingsStore(options)).rejects.toMatchObject({ code: "invalid", path });
  });

  test.each([
    [{ expectedVersion: -1 }, "expectedVersion"],
    [{ expectedVersion: 1.5 }, "expectedVersion"],
    [{ retries: -1 }, "retries"],
    [{ actor: "" }, "actor"],
    [{ actor: "a\nb" }, "actor"],
    [{ reason: "x".repeat(1_001) }, "reason"],
  ])("of an update are rejected by name: %j", async (options, path) => {
    const store = await create(new Map());
    await expect(store.update(model("A"), options)).rejects.toMatchObject({ code: "invalid", path });
    expect((await store.get({ fresh: true })).version).toBe(0);
  });
});

describe("a package that is not installed", () => {
  /** A copy of this package and of `storage` in a folder with only their required dependencies. */
  function createBareCopy(): string {
    const source = join(dirname(fileURLToPath(import.meta.url)), "..");
    const directory = realpathSync(mkdtempSync(join(tmpdir(), "babylon-bare-")));
    cpSync(source, join(directory, "src"), { recursive: true });
    writeFileSync(join(directory, "package.json"), '{"type":"module"}');
    mkdirSync(join(directory, "node_modules", "@babylon"), { recursive: true });
    for (const name of ["valibot", "@babylon/llm-core"]) {
      symlinkSync(realpathSync(join(source, "..", "node_modules", name)), join(directory, "node_modules", name));
    }
    // A link would resolve the drivers of the tests.
    for (const part of ["package.json", "src"]) {
      cpSync(join(source, "..", "..", "storage", part), join(directory, "storage", part), { recursive: true });
    }
    symlinkSync(join(directory, "storage"), join(directory, "node_modules", "@babylon", "storage"));
    return directory;
  }

  test("is an error that names the install command; other backends work without it", () => {
    const directory = createBareCopy();
    const script = `
      import { createSettingsStore } from "./src/index.ts";
      const results = [];
      for (const url of ["redis://:hunter22@127.0.0.1", "postgres://u:hunter22@127.0.0.1/db"]) {
        await createSettingsStore({ url }).catch(({ code, retryable, message }) => { results.push({ code, retryable, message }); });
      }
      for (const url of ["sqlite://x.db", "memory://"]) {
        await using store = await createSettingsStore({ url });
        results.push((await store.update({ order: ["groq"] })).snapshot.version);
      }
      console.log(JSON.stringify(results));
    `;
    writeFileSync(join(directory, "main.ts"), script);
    const { stdout, stderr } = spawnSync(process.execPath, [join(directory, "main.ts")], {
      encoding: "utf8",
      cwd: directory,
    });
    rmSync(directory, { recursive: true, force: true });
    expect(stderr).toBe("");
    const missing = (name: string) => ({
      code: "unavailable",
      retryable: false,
      message: expect.stringMatching(new RegExp(`npm install ${name}@\\S+$`)),
    });
    const expected = [missing("@redis/client"), missing("pg"), 1, 1];
    expect(JSON.parse(stdout)).toEqual(expected);
    expect(stdout).not.toContain("hunter22");
  });
});
