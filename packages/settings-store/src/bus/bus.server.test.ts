import { createClient } from "@keyv/redis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import type { SettingsStore } from "../settings-store.ts";
import { isServerMissing } from "../test-support/is-server-missing.ts";
import type { RunningServer } from "../test-support/run-server.ts";
import { startPgbouncer } from "../test-support/start-pgbouncer.ts";
import { startPostgres } from "../test-support/start-postgres.ts";
import { startRedis } from "../test-support/start-redis.ts";
import { startTcpProxy } from "../test-support/start-tcp-proxy.ts";
import { waitUntil } from "../test-support/wait-until.ts";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

/** A change without a message is detected by the next check or poll; the rest is for a busy machine. */
const FOUND_WITHIN_MS = 8_000;

const open = new Set<SettingsStore>();

async function create(options: SettingsStoreOptions): Promise<SettingsStore> {
  // No change may be detected by its age.
  const store = await createSettingsStore({ ttlMs: 600_000, ...options });
  open.add(store);
  return store;
}

/** Writes a change and waits until another store has loaded it. */
async function passOn(writer: SettingsStore, reader: SettingsStore, name: string): Promise<void> {
  const { snapshot } = await writer.update(model(name));
  await waitUntil(
    `${name} is seen`,
    async () => (reader.peek() ?? (await reader.get())).version === snapshot.version,
    FOUND_WITHIN_MS,
  );
}

afterEach(async () => {
  await Promise.all([...open].map((store) => store.close()));
  open.clear();
});

describe.skipIf(isServerMissing("redis"))("changes through Redis", () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startRedis();
  });

  afterAll(() => server.stop());

  async function command(...words: string[]): Promise<void> {
    const client = createClient({ url: server.url });
    await client.connect();
    await client.sendCommand(words);
    client.destroy();
  }

  async function createUser(name: string, ...rights: string[]): Promise<string> {
    await command("ACL", "SETUSER", name, "reset", "on", ">pw", "~*", ...rights);
    return server.url.replace("redis://", `redis://${name}:pw@`);
  }

  test.each([
    ["without the right to publish", ["&*", "+@all", "-publish"]],
    ["without a right to any channel", ["resetchannels", "+@all"]],
    ["without the right to subscribe", ["&*", "+@all", "-subscribe"]],
  ])("by and for a user %s are detected by polling, which the status shows", async (_, rights) => {
    const url = await createUser("limited", ...rights);
    const [limited, another] = [await create({ url }), await create({ url: server.url })];
    const both = [await create({ url }), await create({ url })] as const;
    for (const store of [limited, ...both]) expect(store.status().bus).toBe("polling");
    expect(another.status().bus).toBe("connected");
    await passOn(both[0], both[1], "between two of them");
    await passOn(another, limited, "by a user with all rights");
    await passOn(limited, another, "for a user with all rights");
    expect(limited.status().bus).toBe("polling");
  });

  test("that no message announced change the bus state of subscribed stores", async () => {
    const mute = await create({ url: await createUser("mute", "&*", "+@all", "-publish") });
    const listener = await create({ url: server.url });
    await passOn(mute, listener, "the first");
    await waitUntil("it is known", () => listener.status().bus === "polling", FOUND_WITHIN_MS);
    const startedAt = performance.now();
    await passOn(mute, listener, "the next");
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test("are announced again after the user regains the permission to publish", async () => {
    const url = await createUser("later", "&*", "+@all", "-publish");
    const store = await create({ url });
    expect(store.status().bus).toBe("polling");
    await command("ACL", "SETUSER", "later", "+publish");
    await waitUntil("messages arrive", () => store.status().bus === "connected", FOUND_WITHIN_MS);
    await command("ACL", "SETUSER", "later", "-publish");
    await waitUntil("they no longer do", () => store.status().bus === "polling", FOUND_WITHIN_MS);
  });

  test("are loaded after all connections died without an error", async () => {
    const proxy = await startTcpProxy(server.url);
    const reader = await create({ url: proxy.url, loadTimeoutMs: 300 });
    const writer = await create({ url: server.url });
    await passOn(writer, reader, "before");
    proxy.silence();
    await passOn(writer, reader, "after");
    await waitUntil("messages arrive again", () => reader.status().bus === "connected", FOUND_WITHIN_MS);
    await reader.close();
    await proxy.close();
  });
});

describe.skipIf(isServerMissing("postgres"))("changes through Postgres", () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(() => server.stop());

  test("are loaded after all connections died without an error", async () => {
    const proxy = await startTcpProxy(server.url);
    const reader = await create({ url: proxy.url, loadTimeoutMs: 300, writeTimeoutMs: 300 });
    const writer = await create({ url: server.url });
    await passOn(writer, reader, "before");
    proxy.silence();
    await passOn(writer, reader, "after");
    await waitUntil("messages arrive again", () => reader.status().bus === "connected", FOUND_WITHIN_MS);
    await reader.close();
    await proxy.close();
  });

  describe.skipIf(isServerMissing("pgbouncer"))("through PgBouncer", () => {
    test.each([
      ["transaction", "polling"],
      ["statement", "polling"],
      ["session", "connected"],
    ] as const)("in %s mode are detected, and the status shows how: %s", async (mode, bus) => {
      const pgbouncer = await startPgbouncer(server.url, mode);
      const [one, other] = [await create({ url: pgbouncer.url }), await create({ url: pgbouncer.url })];
      const direct = await create({ url: server.url });
      await waitUntil("it is known how", () => one.status().bus === bus && other.status().bus === bus, FOUND_WITHIN_MS);
      await passOn(direct, one, `${mode} 1`);
      await passOn(one, other, `${mode} 2`);
      await passOn(one, direct, `${mode} 3`);
      // Messages of a process to itself over the listening connection would have arrived by now.
      await passOn(direct, other, `${mode} 4`);
      expect([one.status().bus, other.status().bus, direct.status().bus]).toEqual([bus, bus, "connected"]);
      await Promise.all([one.close(), other.close()]);
      await pgbouncer.stop();
    });
  });
});
