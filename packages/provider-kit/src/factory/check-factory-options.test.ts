import { expect, test } from "vitest";
import { checkFactoryOptions } from "./check-factory-options.ts";

test("accepts every known option, and undefined for each", () => {
  checkFactoryOptions("acme", {
    id: "acme-2",
    name: "Acme",
    apiKey: () => "k",
    model: "a/b:c",
    baseURL: "https://acme.test",
    headers: { "x-team": "blue" },
    fetch: globalThis.fetch,
    allowInsecureHttp: false,
  });
  checkFactoryOptions("acme", { id: undefined, headers: undefined });
  checkFactoryOptions(
    "acme",
    { entity: "e" },
    { entity: { expected: "a name", accepts: (v) => typeof v === "string" } },
  );
});

test.each<[unknown, string]>([
  [null, "acme"],
  ["key", "acme"],
  [{ modell: "x" }, "acme.modell"],
  [{ toString: "x" }, "acme.toString"],
  [{ entity: "e" }, "acme.entity"],
  [{ id: "Acme" }, "acme.id"],
  [{ id: "a b" }, "acme.id"],
  [{ model: " " }, "acme.model"],
  [{ model: null }, "acme.model"],
  [{ apiKey: 7 }, "acme.apiKey"],
  [{ client: "https://acme.test" }, "acme.client"],
  [{ client: { post: () => {} } }, "acme.client"],
  [{ client: { post: () => {}, get: () => {} }, apiKey: "k" }, "acme.apiKey"],
  [{ client: { post: () => {}, get: () => {} }, baseURL: "https://acme.test" }, "acme.baseURL"],
  [{ baseURL: new URL("https://acme.test") }, "acme.baseURL"],
  [{ headers: [["x", "y"]] }, "acme.headers"],
  [{ headers: { x: 1 } }, "acme.headers"],
  [{ headers: { "x y": "z" } }, "acme.headers"],
  [{ headers: { x: "a\r\nauthorization: b" } }, "acme.headers"],
  [{ fetch: {} }, "acme.fetch"],
  [{ allowInsecureHttp: "yes" }, "acme.allowInsecureHttp"],
])("rejects %j", (options, path) => {
  expect(() => checkFactoryOptions("acme", options)).toThrow(expect.objectContaining({ code: "invalid_input", path }));
});
