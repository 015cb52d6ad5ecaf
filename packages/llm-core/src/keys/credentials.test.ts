import { type MockProviderOptions, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { Breaker } from "../contract/breaker.ts";
import type { LinkRef } from "../contract/link.ts";
import type { AttemptContext, Provider } from "../contract/provider.ts";
import { failure, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const REFUSED = failure("auth", { status: 401 });

type CredentialId = NonNullable<Provider["credentialId"]>;

/** A provider that says which key it uses, and whose vendor refuses keys that are not good. */
function keyed(id: string, credentialId: CredentialId | undefined, isGood: (context: AttemptContext) => boolean) {
  const steps: MockProviderOptions["steps"] = ({ context }) => (isGood(context) ? {} : { error: REFUSED });
  const provider = mockProvider({ id, steps });
  return credentialId === undefined ? provider : Object.assign(provider, { credentialId });
}

const isNew = ({ credentialId }: AttemptContext): boolean => credentialId === "new";

describe("a key that is rotated starts anew at once", () => {
  it.each<[string, (key: () => string) => CredentialId]>([
    ["told at once", (key) => () => key()],
    ["told later", (key) => async () => key()],
  ])("%s", async (_, credentialIdOf) => {
    let key = "old";
    const bed = testBed({
      a: keyed(
        "a",
        credentialIdOf(() => key),
        isNew,
      ),
      b: {},
    });
    expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("b");
    expect((await bed.llm.plan()).providers[0]).toMatchObject({ state: "open", code: "auth" });
    key = "new";
    expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("a");
    key = "old";
    expect((await bed.llm.plan()).providers[0]).toMatchObject({ state: "open", code: "auth" });
  });

  it("in the environment, where a provider says nothing of it", async () => {
    const env: Record<string, string> = { A_API_KEY: "old-key" };
    const bed = testBed(
      { a: keyed("a", undefined, ({ env: { A_API_KEY } }) => A_API_KEY === "new-key"), b: {} },
      { env },
    );
    expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("b");
    env.A_API_KEY = "new-key";
    expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("a");
  });
});

it("a tenant's base URL is part of its credentials: what fails there fails nobody else with the same key", async () => {
  const bad = "https://bad.test";
  const bed = testBed({ a: keyed("a", undefined, ({ credentials }) => credentials?.baseURL !== bad), b: {} });
  const servedFor = async (baseURL?: string) =>
    (await bed.value(bed.llm.generateText({ ...ask, credentials: { a: { apiKey: "none", baseURL } } }))).provider;
  expect(await servedFor(bad)).toBe("b");
  expect(await servedFor("https://good.test")).toBe("a");
  expect(await servedFor()).toBe("a");
});

it("a provider is asked once for each plan, and the attempts get the answer", async () => {
  const asked: string[] = [];
  const contexts: (string | undefined)[] = [];
  const id =
    (name: string): CredentialId =>
    () => {
      asked.push(name);
      return name === "b" ? Promise.resolve("key of b") : `key of ${name}`;
    };
  const fails = (name: string) =>
    keyed(name, id(name), ({ credentialId }) => {
      contexts.push(credentialId);
      return false;
    });
  const bed = testBed(
    { a: fails("a"), b: fails("b"), off: fails("off") },
    { settings: { order: null, providers: { off: { enabled: false } }, agents: {} } },
  );
  await bed.error(bed.llm.generateText(ask));
  expect(asked).toEqual(["a", "b"]);
  expect(contexts).toEqual(["key of a", "key of b"]);
});

it("limits go by the key in use, and tenants with the same one share theirs", async () => {
  const hang = { hang: true };
  const bed = testBed({ a: mockProvider({ id: "a", steps: [hang] }) }, { env: { A_API_KEY: "k" }, maxConcurrency: 1 });
  const controller = new AbortController();
  const call = (apiKey?: string) =>
    bed.watch(
      bed.llm.generateText({
        ...ask,
        abortSignal: controller.signal,
        ...(apiKey === undefined ? {} : { credentials: { a: { apiKey } } }),
      }),
    );
  const calls = [call(), call("k"), call("tenant"), call("tenant")];
  await bed.clock.advance(10);
  const health = bed.llm.health().map(({ active, queued }) => [active, queued]);
  expect(health).toEqual([
    [1, 1],
    [1, 1],
  ]);
  controller.abort();
  for (const one of calls) await bed.error(one);
});

describe("a provider that does not say which key it uses", () => {
  it("because asking fails is called all the same, under no key", async () => {
    const refs: (string | undefined)[] = [];
    for (const credentialId of [
      () => {
        throw new Error("sealed");
      },
      () => Promise.reject(new Error("sealed")),
    ] satisfies CredentialId[]) {
      const bed = testBed({ a: keyed("a", credentialId, (context) => refs.push(context.credentialId) > 0) });
      expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("a");
    }
    expect(refs).toEqual(["", ""]);
  });

  it("in time is called without the answer, and no later call waits for it until it has come", async () => {
    let answer = Promise.withResolvers<string>();
    const bed = testBed({
      a: {},
      b: keyed(
        "b",
        () => answer.promise,
        () => true,
      ),
    });
    const first = await bed.ending(bed.llm.generateText(ask));
    expect(first).toMatchObject({ value: { provider: "a", warnings: [] }, atMs: 2_000, timersLeft: 0 });
    const second = await bed.ending(bed.llm.generateText(ask));
    expect(second).toMatchObject({ value: { provider: "a" }, atMs: 2_000 });
    answer.resolve("k");
    await bed.clock.advance(0);
    answer = Promise.withResolvers();
    const third = bed.watch(bed.llm.generateText(ask));
    await bed.clock.advance(100);
    answer.resolve("k");
    expect((await bed.ending(third)).atMs).toBe(2_100);
  });

  it("does not keep plan() waiting for longer than a call", async () => {
    const bed = testBed({
      a: keyed(
        "a",
        () => new Promise(() => {}),
        () => true,
      ),
    });
    const planned = bed.llm.plan();
    await bed.clock.advance(2_000);
    expect((await planned).links).toHaveLength(1);
    expect(bed.clock.pendingTimers()).toBe(0);
  });

  it("is left when the caller leaves", async () => {
    const bed = testBed({
      a: keyed(
        "a",
        () => new Promise(() => {}),
        () => true,
      ),
    });
    const call = bed.watch(bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal }));
    await bed.clock.advance(5);
    bed.controller.abort("enough");
    expect(await bed.ending(call)).toMatchObject({ error: { code: "aborted" }, atMs: 5, timersLeft: 0 });
  });

  it("does not keep a status line waiting: the latest answer holds there", async () => {
    let key = "old";
    const bed = testBed({ a: keyed("a", async () => key, isNew), b: {} });
    expect(bed.llm.peekPlan().links[0]?.provider).toBe("a");
    await bed.value(bed.llm.generateText(ask));
    expect(bed.llm.peekPlan().providers[0]).toMatchObject({ state: "open" });
    key = "new";
    await bed.llm.plan();
    expect(bed.llm.peekPlan().providers[0]).toMatchObject({ state: "closed" });
  });
});

it("what a breaker of the application's gets is a keyed hash, the same in all processes with the same secret", async () => {
  const seen: LinkRef[] = [];
  const breaker: Breaker = {
    read: (link) => {
      seen.push(link);
      return { state: "closed", untilMonoMs: null, why: null, code: null, probing: false };
    },
    begin: (link) => ({ link, trips: 0, credentialTrips: 0, probe: false }),
    end: () => {},
    rest: () => {},
    revive: () => {},
  };
  const env = { A_API_KEY: "sk-the-operators-key", BABYLON_HASH_SECRET: "shared" };
  for (let process = 0; process < 2; process += 1) {
    const bed = testBed({ a: {} }, { env, breaker });
    await bed.value(bed.llm.generateText(ask));
    await bed.value(bed.llm.generateText({ ...ask, credentials: { a: { apiKey: "sk-the-tenants-key" } } }));
  }
  const ids = new Set(seen.map(({ credential }) => credential));
  expect(ids.size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
