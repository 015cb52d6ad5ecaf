import { inspect } from "node:util";
import { isLLMError, keyedHash } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { createEndpoint, type EndpointOptions } from "./create-endpoint.ts";

const BASE: EndpointOptions = {
  provider: "acme",
  envKey: "ACME_API_KEY",
  envBaseURL: "ACME_BASE_URL",
  defaultBaseURL: "https://api.acme.test/v1",
};
const ENV = { ACME_API_KEY: "key-from-env", ACME_BASE_URL: "https://env.acme.test/v1/" };

test.each<
  [string, Partial<EndpointOptions>, Record<string, string>, { apiKey: string; baseURL?: string } | null, object]
>([
  ["the default", {}, { ACME_API_KEY: "k" }, null, { apiKey: "k", baseURL: "https://api.acme.test/v1" }],
  ["the environment", {}, ENV, null, { apiKey: "key-from-env", baseURL: "https://env.acme.test/v1" }],
  [
    "the factory before the environment",
    { apiKey: "key-from-code", baseURL: "https://code.acme.test/v1//" },
    ENV,
    null,
    { apiKey: "key-from-code", baseURL: "https://code.acme.test/v1" },
  ],
  [
    "credentials before the factory",
    { apiKey: "key-from-code", baseURL: "https://code.acme.test" },
    ENV,
    { apiKey: "key-of-tenant", baseURL: "https://tenant.acme.test/v1" },
    { apiKey: "key-of-tenant", baseURL: "https://tenant.acme.test/v1" },
  ],
  [
    "a tenant's key with the configured base URL",
    {},
    ENV,
    { apiKey: "key-of-tenant" },
    { apiKey: "key-of-tenant", baseURL: "https://env.acme.test/v1" },
  ],
  [
    "a key function",
    { apiKey: async () => "fresh\n" },
    ENV,
    null,
    { apiKey: "fresh", baseURL: "https://env.acme.test/v1" },
  ],
  [
    "no key if none is required",
    { keyOptional: true },
    {},
    null,
    { apiKey: null, baseURL: "https://api.acme.test/v1" },
  ],
])("resolves %s", async (_, options, env, credentials, expected) => {
  expect(await createEndpoint({ ...BASE, ...options }).resolve(env, credentials)).toEqual(expected);
});

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
}

test.each<[Partial<EndpointOptions>, string]>([
  [{ apiKey: "" }, "acme.apiKey"],
  [{ apiKey: "secret\nkey" }, "acme.apiKey"],
  [{ baseURL: "nowhere" }, "acme.baseURL"],
  [{ baseURL: "http://far.test" }, "acme.baseURL"],
])("rejects invalid options at once: %j", (options, path) => {
  expect(() => createEndpoint({ ...BASE, ...options })).toThrow(
    expect.objectContaining({ code: "invalid_input", path }),
  );
});

test.each<[Record<string, string>, { apiKey: string; baseURL?: string } | null, string[]]>([
  [ENV, null, []],
  [{}, null, []],
  [{ ACME_API_KEY: "secret\nkey" }, null, ["ACME_API_KEY"]],
  [{ ACME_API_KEY: "trailing-newline-is-trimmed\n" }, null, []],
  [{ ACME_API_KEY: "two words", ACME_BASE_URL: "x" }, null, ["ACME_API_KEY", "ACME_BASE_URL"]],
  [ENV, { apiKey: "" }, ["credentials.acme.apiKey"]],
  [ENV, { apiKey: "k", baseURL: "http://far.test" }, ["credentials.acme.baseURL"]],
  [{ ACME_API_KEY: "bad key" }, { apiKey: "good" }, []],
])("lists the problems of %j with %j", (env, credentials, paths) => {
  const endpoint = createEndpoint(BASE);
  const problems = endpoint.problems(env, credentials);
  expect(problems.map(({ path }) => path)).toEqual(paths);
  expect(JSON.stringify(problems)).not.toMatch(/secret|two words/);
  if (paths.length > 0) {
    const error = errorOf(() => endpoint.resolve(env, credentials));
    expect(isLLMError(error, "invalid_input") && error.path).toBe(paths[0]);
  }
});

test("equal values are not checked twice", () => {
  const endpoint = createEndpoint(BASE);
  const env = { ACME_API_KEY: "bad key" };
  expect(endpoint.problems(env, null)[0]).toBe(endpoint.problems({ ...env }, null)[0]);
  expect(endpoint.problems({ ACME_API_KEY: "good" }, null)).toEqual([]);
});

test("is configured with a key from any source, or if no key is required", () => {
  expect(createEndpoint(BASE).isConfigured({})).toBe(false);
  expect(createEndpoint(BASE).isConfigured({ ACME_API_KEY: "  " })).toBe(false);
  expect(createEndpoint(BASE).isConfigured(ENV)).toBe(true);
  expect(createEndpoint({ ...BASE, apiKey: () => "k" }).isConfigured({})).toBe(true);
  expect(createEndpoint({ ...BASE, keyOptional: true }).isConfigured({})).toBe(true);
});

test.each([
  () => {
    throw new Error("vault is sealed");
  },
  () => "bad\nkey",
  () => "",
])("a key function that fails is an auth error, so that the call falls back", async (apiKey) => {
  const resolved = createEndpoint({ ...BASE, apiKey }).resolve({}, null);
  await expect(resolved).rejects.toMatchObject({ code: "auth", fallback: true });
});

test("the error of a key function is not passed on, because it may contain the key", async () => {
  const thrown = Object.assign(new Error("vault: SuperSecret4711"), {
    code: "EVAULT",
    cause: new Error("SuperSecret4711"),
  });
  for (const apiKey of [
    () => Promise.reject(thrown),
    () => Promise.reject("SuperSecret4711"),
    () => {
      throw { name: "Super Secret4711" };
    },
  ]) {
    const error: unknown = await Promise.resolve(createEndpoint({ ...BASE, apiKey }).resolve({}, null)).catch(
      (reason) => reason,
    );
    expect(error).toMatchObject({ code: "auth", message: "acme: the apiKey function failed" });
    expect(inspect(error, { depth: 9 })).not.toContain("Secret4711");
  }
});

test("a key that is missing at the request is an auth error with the variable", () => {
  expect(() => createEndpoint(BASE).resolve({}, null)).toThrow(
    expect.objectContaining({ code: "auth", message: "acme: no key: set ACME_API_KEY" }),
  );
});

test.each<[string, Partial<EndpointOptions>, Record<string, string>, { apiKey: string } | null, string]>([
  ["the environment", {}, ENV, null, "key-from-env"],
  ["the factory", { apiKey: "key-from-code" }, ENV, null, "key-from-code"],
  ["a function", { apiKey: () => " key-from-code\n" }, ENV, null, "key-from-code"],
  ["an asynchronous function", { apiKey: async () => "key-from-code\n" }, ENV, null, "key-from-code"],
  ["a call's credentials", { apiKey: "key-from-code" }, ENV, { apiKey: "key-of-tenant" }, "key-of-tenant"],
])("the credential id of %s does not reveal the key", async (_, options, env, credentials, key) => {
  const id = await createEndpoint({ ...BASE, ...options }).credentialId(env, credentials);
  expect(id).toBe(keyedHash(env, key));
});

test("without a key, and with a function without one, the credential id is the same", async () => {
  const named = (options: Partial<EndpointOptions>) => createEndpoint({ ...BASE, ...options }).credentialId({}, null);
  expect(named({})).toBe("");
  expect(named({ apiKey: () => "" })).toBe("");
  expect(named({ apiKey: () => "two words" })).toBe("");
  expect(await named({ apiKey: () => Promise.reject(new Error("sealed")) })).toBe("");
  expect(
    named({
      apiKey: () => {
        throw new Error("sealed");
      },
    }),
  ).toBe("");
});

test.each([
  ["at once", (key: string) => key],
  ["later", async (key: string) => key],
])(
  "a function that returns %s is called once for a plan and its attempts, which use the key of their plan",
  async (_, give) => {
    const keys = ["first", "second", "third"];
    let calls = 0;
    const endpoint = createEndpoint({ ...BASE, apiKey: () => give(keys[calls++] ?? "too often") });
    const first = await endpoint.credentialId(ENV, null);
    const second = await endpoint.credentialId(ENV, null);
    for (const [id, apiKey] of [
      [first, "first"],
      [second, "second"],
      [first, "first"],
    ] as const) {
      expect(endpoint.resolve(ENV, null, undefined, id)).toMatchObject({ apiKey });
    }
    expect(calls).toBe(2);
    expect(await endpoint.resolve(ENV, null, undefined, "of another plan")).toMatchObject({ apiKey: "third" });
  },
);

test("an attempt uses the key and base URL that were checked with its plan", () => {
  const endpoint = createEndpoint(BASE);
  const env: Record<string, string> = { ...ENV };
  const id = endpoint.credentialId(env, null) as string;
  Object.assign(env, { ACME_API_KEY: "bad\nkey", ACME_BASE_URL: "http://far.test" });
  expect(endpoint.resolve(env, null, undefined, id)).toMatchObject({
    apiKey: "key-from-env",
    baseURL: "https://env.acme.test/v1",
  });
  expect(() => endpoint.resolve(env, null)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  const bad = endpoint.credentialId(env, null) as string;
  expect(() => endpoint.resolve(env, null, undefined, bad)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

test("the number of stored keys is limited", async () => {
  let calls = 0;
  const endpoint = createEndpoint({ ...BASE, apiKey: () => `key-${++calls}` });
  const ids = Array.from({ length: 100 }, () => endpoint.credentialId({}, null) as string);
  expect(endpoint.resolve({}, null, undefined, ids[99])).toMatchObject({ apiKey: "key-100" });
  expect(await endpoint.resolve({}, null, undefined, ids[0])).toMatchObject({ apiKey: "key-101" });
});
