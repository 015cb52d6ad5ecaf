import { systemClock } from "@babylon/llm-core";
import { importDriver } from "@babylon/storage";
import KeyvRedis, { createClient } from "@keyv/redis";
import { Keyv } from "keyv";
import { Keyv as Keyv5 } from "keyv5";
import KeyvRedis5 from "keyv5-redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import { describeServerFaults } from "../test-support/describe-server-faults.ts";
import { importRedis5 } from "../test-support/import-redis5.ts";
import { isServerMissing } from "../test-support/is-server-missing.ts";
import type { RunningServer } from "../test-support/run-server.ts";
import { startRedis } from "../test-support/start-redis.ts";
import { SETTINGS_KEY } from "../test-support/test-backend.ts";
import { waitUntil } from "../test-support/wait-until.ts";
import { openBackend } from "./open-backend.ts";

/** Replaces a model by a byte that is invalid in UTF-8. */
const SPOIL = "redis.call('SET', KEYS[1], (string.gsub(redis.call('GET', KEYS[1]), '\"Q\"', '\"\\255\"')))";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

async function command(server: RunningServer, ...words: string[]): Promise<unknown> {
  const client = createClient({ url: server.url });
  client.on("error", () => {});
  await client.connect();
  try {
    return await client.sendCommand(words);
  } finally {
    client.destroy();
  }
}

describe.skipIf(isServerMissing("redis"))("Redis", () => {
  describeServerFaults({
    name: "a Redis",
    start: () => startRedis({ password: "secret-of-tests" }),
    empty: async (server) => void (await command(server, "FLUSHALL")),
    async terminate(server, which) {
      await command(server, "CLIENT", "KILL", "TYPE", "pubsub");
      if (which === "all") await command(server, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    },
    publish: async (server, message) => void (await command(server, "PUBLISH", `${SETTINGS_KEY}:changed:0`, message)),
  });

  describe("as a backend", () => {
    let server: RunningServer;

    beforeAll(async () => {
      server = await startRedis();
    });

    afterAll(() => server.stop());

    test("is polled when the user may not subscribe, and the status shows it", async () => {
      await command(server, "ACL", "SETUSER", "quiet", "on", ">pw", "~*", "+@all", "-subscribe", "-publish");
      const url = server.url.replace("redis://", "redis://quiet:pw@");
      const writer = await createSettingsStore({ url });
      const reader = await createSettingsStore({ url, pollMs: 20 });
      expect(reader.status().bus).toBe("polling");
      await writer.update(model("A"));
      await waitUntil("the change is found", () => reader.peek()?.version === 1);
      await writer.close();
      await reader.close();
    });

    test.each([
      ["6", {}],
      ["5", { importPackage: importRedis5 }],
    ])("delivers messages of a listener to itself, and changes, with version %s of the driver", async (_, adapters) => {
      await command(server, "FLUSHALL");
      const { backend } = await openBackend(
        { url: server.url, env: {}, workingDirectory: "/" },
        {
          key: SETTINGS_KEY,
          table: "t",
          clock: systemClock,
          random: Math.random,
          importPackage: importDriver,
          limitMs: 1_000,
          sqlitePollMs: 50,
          ...adapters,
        },
      );
      const { signal } = new AbortController();
      const messages: string[] = [];
      const listener = { onMessage: (text: string) => messages.push(text), onChange() {}, onLost() {} };
      const connection = await backend.bus?.connect(listener, signal);
      await connection?.send?.("to itself", signal);
      await waitUntil("it arrives", () => messages.join() === "to itself");
      expect(await backend.port.compareAndSet({ expected: undefined, next: "a", message: "m" }, signal)).toBe(true);
      await waitUntil("the message arrives", () => messages.join() === "to itself,m");
      await connection?.close();
      await backend.close();
    });

    test("needs only the permissions that the guide lists", async () => {
      await command(server, "FLUSHALL");
      const rights = ["get", "set", "eval", "publish", "subscribe"];
      const channel = `&${SETTINGS_KEY}:changed:0`;
      await command(
        server,
        "ACL",
        "SETUSER",
        "least",
        "reset",
        "on",
        ">pw",
        `~${SETTINGS_KEY}`,
        channel,
        ...rights.map((right) => `+${right}`),
      );
      const url = server.url.replace("redis://", "redis://least:pw@");
      const [store, other] = [await createSettingsStore({ url }), await createSettingsStore({ url })];
      expect(store.status().bus).toBe("connected");
      await store.update(model("A"));
      await waitUntil("the other sees it", () => other.peek()?.version === 1);
      await store.close();
      await other.close();
    });

    test.each([
      ["a list", ["EVAL", "redis.call('DEL', KEYS[1]) redis.call('RPUSH', KEYS[1], 'a')", "1", SETTINGS_KEY]],
      ["a record with a byte that is not UTF-8", ["EVAL", SPOIL, "1", SETTINGS_KEY]],
      ["an empty text", ["SET", SETTINGS_KEY, ""]],
    ])("that holds %s under the key is corrupt, not a conflict or an outage", async (_, words) => {
      await command(server, "FLUSHALL");
      const store = await createSettingsStore({ url: server.url });
      await store.update(model("Q"));
      await command(server, ...words);
      await expect(createSettingsStore({ url: server.url })).rejects.toMatchObject({ code: "corrupt" });
      await expect(store.update(model("A"))).rejects.toMatchObject({ code: "corrupt" });
      await command(server, "DEL", SETTINGS_KEY);
      expect((await store.update(model("\uFFFD"))).snapshot.version).toBe(2);
      expect((await store.update(model("B"))).snapshot.version).toBe(3);
      await store.close();
    });

    test("is shared by Keyv 5, Keyv 6 and URLs under one key", async () => {
      await command(server, "FLUSHALL");
      const keyv5 = new Keyv5({ store: new KeyvRedis5(server.url) });
      const keyv6 = new Keyv({ store: new KeyvRedis(server.url) });
      const stores = await Promise.all([
        createSettingsStore({ keyv: keyv5 }),
        createSettingsStore({ keyv: keyv6 }),
        createSettingsStore({ url: server.url }),
      ]);
      for (const [index, store] of stores.entries()) {
        await store.update(model(`from ${index}`));
        await waitUntil("all see it", () => stores.every((other) => other.peek()?.version === index + 1));
      }
      expect(await command(server, "KEYS", "*")).toEqual([SETTINGS_KEY]);
      for (const store of stores) await store.close();
      expect(await keyv6.get(SETTINGS_KEY)).toMatchObject({ id: "system", version: 3, settings: model("from 2") });
      await keyv5.disconnect();
      await keyv6.disconnect();
    });

    test("that is out of memory rejects the change, keeps the record and works again afterwards", async () => {
      await command(server, "FLUSHALL");
      const store = await createSettingsStore({ url: server.url });
      await store.update(model("A"));
      await command(server, "CONFIG", "SET", "maxmemory", "1");
      await expect(store.update(model("B"))).rejects.toMatchObject({ code: "unavailable", message: /OOM/ });
      expect(await store.get({ fresh: true })).toMatchObject({ version: 1, value: model("A") });
      await command(server, "CONFIG", "SET", "maxmemory", "0");
      expect((await store.update(model("B"))).snapshot.version).toBe(2);
      await store.close();
    });
  });
});
