import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import KeyvSqlite from "@keyv/sqlite";
import { Keyv } from "keyv";
import { Keyv as Keyv5 } from "keyv5";
import { createGatedAdapter } from "./gated-adapter.ts";
import { type OpenedTestBackend, SETTINGS_KEY, type TestBackend } from "./test-backend.ts";

/** The places that need no server. */
export const FAST_BACKENDS: readonly TestBackend[] = [
  { name: "a Map", cas: "atomic", visibleWithinMs: 1_000, open: openMap },
  { name: "Keyv 6 in memory", cas: "process", visibleWithinMs: 1_000, open: openKeyv6Memory },
  { name: "Keyv 5 in memory", cas: "process", visibleWithinMs: 1_000, open: openKeyv5Memory },
  { name: "an adapter of which nothing is known", cas: "none", visibleWithinMs: 1_000, open: openUnknownAdapter },
  { name: "an SQLite file by URL", cas: "atomic", visibleWithinMs: 1_000, open: openSqliteUrl },
  { name: "an SQLite file by Keyv 6", cas: "atomic", visibleWithinMs: 1_000, open: openSqliteKeyv },
];

async function openMap(): Promise<OpenedTestBackend> {
  const map = new Map<string, string>();
  return overMap(map, map);
}

function overMap(map: Map<string, string>, keyv: object, key: string = SETTINGS_KEY): OpenedTestBackend {
  return {
    options: () => ({ keyv }),
    readRaw: async () => map.get(key),
    writeRaw: async (text) => void map.set(key, text),
    deleteRaw: async () => void map.delete(key),
    async close() {},
  };
}

async function openKeyv5Memory(): Promise<OpenedTestBackend> {
  const map = new Map<string, string>();
  return overMap(map, new Keyv5({ store: map }), `keyv:${SETTINGS_KEY}`);
}

async function openKeyv6Memory(): Promise<OpenedTestBackend> {
  const keyv = new Keyv({ store: new Map() });
  return {
    options: () => ({ keyv }),
    async readRaw() {
      const raw: unknown = await keyv.store.get(SETTINGS_KEY);
      return typeof raw === "string" ? raw : undefined;
    },
    writeRaw: async (text) => void (await keyv.store.set(SETTINGS_KEY, text)),
    deleteRaw: async () => void (await keyv.store.delete(SETTINGS_KEY)),
    async close() {},
  };
}

async function openUnknownAdapter(): Promise<OpenedTestBackend> {
  const adapter = createGatedAdapter();
  return overMap(adapter.data, adapter);
}

/** Looks into a file through the adapter itself, in a table of the store's name. */
function overSqlite(
  file: string,
  table: string,
  options: OpenedTestBackend["options"],
  closeMore: () => Promise<void>,
) {
  const adapter = new KeyvSqlite({ uri: `sqlite://${file}`, table, wal: true, busyTimeout: 2_000 });
  const name = `"${table}"`;
  return {
    options,
    async readRaw() {
      const [row] = (await adapter.query(`SELECT value FROM ${name} WHERE key = ?`, SETTINGS_KEY)) as {
        value: string;
      }[];
      return row?.value;
    },
    writeRaw: async (text: string) => void (await adapter.set(SETTINGS_KEY, text)),
    deleteRaw: async () => void (await adapter.delete(SETTINGS_KEY)),
    async close() {
      await closeMore();
      await adapter.disconnect();
      rmSync(join(file, ".."), { recursive: true, force: true });
    },
  };
}

function newFile(): string {
  return join(mkdtempSync(join(tmpdir(), "babylon-settings-")), "settings.db");
}

async function openSqliteUrl(): Promise<OpenedTestBackend> {
  const file = newFile();
  return overSqlite(
    file,
    "babylon_settings",
    () => ({ url: `sqlite://${file}` }),
    async () => {},
  );
}

async function openSqliteKeyv(): Promise<OpenedTestBackend> {
  const file = newFile();
  const opened: Keyv[] = [];
  const options = () => {
    const keyv = new Keyv({ store: new KeyvSqlite({ uri: `sqlite://${file}`, wal: true, busyTimeout: 5 }) });
    opened.push(keyv);
    return { keyv };
  };
  return overSqlite(file, "keyv", options, async () => {
    for (const keyv of opened) await keyv.disconnect();
  });
}
