import { Keyv } from "keyv";
import { afterAll, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import type { SettingsStore } from "../settings-store.ts";
import { SETTINGS_KEY } from "./test-backend.ts";
import { waitUntil } from "./wait-until.ts";

/** A backend that a Keyv adapter and a URL both open. */
export interface SharedBackend {
  readonly name: string;
  createAdapter(): object;
  /** The same table, without a namespace. */
  readonly byUrl: () => SettingsStoreOptions;
}

const model = (name: string) => ({ providers: { wandb: { model: name } } });

/** Wraps an adapter so that access to undocumented members throws. */
function documentedOnly(adapter: object): object {
  return new Proxy(adapter, {
    get(target, name) {
      if (typeof name === "string" && (name.startsWith("_") || name === "query")) throw new Error(`${name} is private`);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Tests of sharing settings between a Keyv adapter and a URL of the same backend. */
export function describeSharing({ name, createAdapter, byUrl }: SharedBackend): void {
  describe(`${name}, opened by Keyv and by URL`, () => {
    const open = new Set<SettingsStore>();
    const keyvs: Keyv[] = [];

    async function create(options: SettingsStoreOptions): Promise<SettingsStore> {
      const store = await createSettingsStore({ requireCas: true, ...options });
      open.add(store);
      return store;
    }

    function createKeyv(namespace?: string, store: object = createAdapter()): Keyv {
      const keyv = new Keyv({ store, ...(namespace === undefined ? {} : { namespace }) });
      keyvs.push(keyv);
      return keyv;
    }

    afterAll(async () => {
      await Promise.all([...open].map((store) => store.close()));
      await Promise.all(keyvs.map((keyv) => keyv.disconnect().catch(() => {})));
    });

    test("each detects changes of the other at once", async () => {
      const [ofKeyv, ofUrl] = [await create({ keyv: createKeyv() }), await create(byUrl())];
      const { snapshot } = await ofKeyv.update(model("of the Keyv"));
      await waitUntil("it is seen by URL", () => ofUrl.peek()?.version === snapshot.version);
      expect(ofUrl.peek()?.value).toMatchObject(model("of the Keyv"));
      await ofUrl.update(model("of the URL"));
      await waitUntil("it is seen by Keyv", () => ofKeyv.peek()?.value.providers.wandb?.model === "of the URL");
    });

    test.each([undefined, "app"])("a plain Keyv reads the record and writes it (namespace %s)", async (namespace) => {
      const keyv = createKeyv(namespace);
      const store = await create({ keyv });
      await store.update(model("stored"));
      const record = await keyv.get(SETTINGS_KEY);
      expect(record).toMatchObject({ settings: model("stored") });
      const version = record.version + 1;
      await keyv.set(SETTINGS_KEY, { ...record, version, settings: { ...record.settings, ...model("set") } });
      expect(await store.get({ fresh: true })).toMatchObject({ version, value: model("set") });
      expect((await store.update({ order: ["groq"] })).snapshot.version).toBe(version + 1);
    });

    test("the namespace of the Keyv overrides the later one of the adapter", async () => {
      const adapter = createAdapter();
      const [first, second] = [createKeyv("first", adapter), createKeyv("second", adapter)];
      const store = await create({ keyv: first });
      const { snapshot } = await store.update(model("of the first"));
      const elsewhere = await create({ keyv: createKeyv("first") });
      expect((await elsewhere.get()).version).toBe(snapshot.version);
      expect((await (await create({ keyv: second })).get()).version).toBe(0);
    });

    test("only documented properties of the adapter are read", async () => {
      const store = await create({ keyv: documentedOnly(createAdapter()) });
      expect(store.status().cas).toBe("atomic");
      expect((await store.update(model("documented"))).committed).toBe(true);
    });
  });
}
