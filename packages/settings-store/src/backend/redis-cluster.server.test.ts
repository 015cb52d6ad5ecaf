import KeyvRedis from "@keyv/redis";
import { Keyv } from "keyv";
import { Keyv as Keyv5 } from "keyv5";
import KeyvRedis5 from "keyv5-redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import type { SettingsStore } from "../settings-store.ts";
import { importRedis5 } from "../test-support/import-redis5.ts";
import { isServerMissing } from "../test-support/is-server-missing.ts";
import { type RunningCluster, startRedisCluster } from "../test-support/start-redis-cluster.ts";
import { waitUntil } from "../test-support/wait-until.ts";

const KEY = "babylon.settings.system";
const PASSWORD = "secret-of-tests";
const COUNT = 40;

const model = (name: string) => ({ providers: { wandb: { model: name } } });

const increment = (store: SettingsStore) =>
  store.update(({ providers }) => {
    const before = Number(providers.counter?.model?.split(":")[1] ?? 0);
    return { providers: { counter: { model: `count:${before + 1}` } } };
  });

describe.skipIf(isServerMissing("redis"))("with a cluster of three Redis nodes", () => {
  let cluster: RunningCluster;
  /** The node with the record, and one without it. */
  let owner = -1;
  let stranger = -1;

  beforeAll(async () => {
    cluster = await startRedisCluster({ password: PASSWORD });
    owner = [0, 1, 2].findIndex((node) => !cluster.command(node, "get", KEY).startsWith("MOVED"));
    stranger = (owner + 1) % 3;
  });

  afterAll(() => cluster?.stop());

  const rootNodes = () => cluster.urls.map((url) => ({ url }));
  const defaults = { password: PASSWORD };
  const urlOf = (node: number) => cluster.urls[node] ?? "";

  const WAYS: readonly [string, () => SettingsStoreOptions][] = [
    [
      "a URL with all its nodes",
      () => ({ url: cluster.urls.map((url, at) => (at === 0 ? url : url.split("@")[1])).join() }),
    ],
    ["the URL of the node that has the record", () => ({ url: urlOf(owner) })],
    ["the URL of another node", () => ({ url: urlOf(stranger) })],
    [
      "the URL of another node, with version 5 of the driver",
      () => ({ url: urlOf(stranger), importPackage: importRedis5 }),
    ],
    ["Keyv 6", () => ({ keyv: new Keyv({ store: new KeyvRedis({ rootNodes: rootNodes(), defaults }) }) })],
    ["Keyv 5", () => ({ keyv: new Keyv5({ store: new KeyvRedis5({ rootNodes: rootNodes(), defaults }) }) })],
  ];

  test.each(WAYS)("by %s, changes use compare-and-set and reach other stores at once", async (_, options) => {
    cluster.command(owner, "del", KEY);
    const store = await createSettingsStore({ ...options(), requireCas: true });
    const other = await createSettingsStore({ url: urlOf(stranger) });
    await waitUntil("messages arrive", () => [store, other].every((each) => each.status().bus === "connected"));
    const seen = new Promise<void>((resolve) => {
      other.subscribe(({ version }) => version === 1 && resolve(), { immediate: true });
    });
    await store.update(model("A"));
    await seen;
    const stores = [store, other];
    await Promise.all(stores.flatMap((each) => Array.from({ length: COUNT }, () => increment(each))));
    const { value, version } = await other.get({ fresh: true });
    expect(value.providers.counter?.model).toBe(`count:${2 * COUNT}`);
    expect(version).toBe(1 + 2 * COUNT);
    await waitUntil("all is seen", () => store.peek()?.version === version);
    await expect(store.update(model("B"), { expectedVersion: 1 })).rejects.toMatchObject({ code: "conflict" });
    expect(cluster.command(owner, "get", KEY)).toContain(`count:${2 * COUNT}`);
    await Promise.all(stores.map((each) => each.close()));
  });

  test("a plain Keyv over the cluster and the store read each other's settings", async () => {
    const keyv = new Keyv({
      store: new KeyvRedis({ rootNodes: rootNodes(), defaults }),
      namespace: "app",
    });
    const store = await createSettingsStore({ keyv });
    await store.update(model("A"));
    const record = await keyv.get(KEY);
    expect(record).toMatchObject({ version: 1, settings: model("A") });
    await store.update(model("B"));
    await keyv.set(KEY, { ...record, version: 3 });
    expect((await store.get({ fresh: true })).value).toMatchObject(model("A"));
    await store.close();
    await keyv.disconnect();
  });

  test("when the node with the record dies, reads continue; after it restarts, changes are written and announced", async () => {
    const [store, other] = await Promise.all(
      [owner, stranger].map((node) => createSettingsStore({ url: urlOf(node), backoff: { minMs: 20, maxMs: 100 } })),
    );
    if (store === undefined || other === undefined) throw new Error("no stores");
    await store.update(model("before"));
    await cluster.restart(owner);
    expect((await store.get()).value).toMatchObject(model("before"));
    await waitUntil("a change is written", () =>
      store.update(model("after")).then(
        () => true,
        () => false,
      ),
    );
    await waitUntil("it is seen", async () => (await other.get()).value.providers.wandb?.model === "after");
    await waitUntil("messages arrive", () => [store, other].every((each) => each.status().bus === "connected"));
    await Promise.all([store.close(), other.close()]);
  });
});
