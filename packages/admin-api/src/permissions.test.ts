import { describe, expect, test } from "vitest";
import type { Permission } from "./authorize.ts";
import { startAdmin } from "./test-support/start-admin.ts";

const withPermissions = (permissions: readonly Permission[] | undefined) =>
  startAdmin({ authorize: () => ({ actor: "ana", permissions }) });

describe("a visitor", () => {
  test("has read and write permission by default", async () => {
    const { data } = withPermissions(undefined);
    expect((await data("GET")).permissions).toEqual(["read", "write"]);
    await data("PUT", "", { patch: { order: ["groq"] } });
  });

  test.each([
    ["PUT", "", { patch: { order: ["groq"] } }],
    ["POST", "/rollback", { version: 0 }],
    ["POST", "/test", {}],
  ])("without `write` is rejected by %s %s, and nothing changes", async (method, below, body) => {
    const { call, data, settings, providers } = withPermissions(["read"]);
    expect(await call(method, below, body)).toMatchObject({
      status: 403,
      reply: { success: false, code: "forbidden", error: "this needs the permission to write" },
    });
    expect((await data("GET")).permissions).toEqual(["read"]);
    expect(settings.peek().version).toBe(0);
    expect(providers.every(({ calls }) => calls.length === 0)).toBe(true);
  });

  test("without `read` gets no data", async () => {
    const { call } = withPermissions(["content"]);
    for (const below of ["", "/history"]) {
      expect(await call("GET", below)).toMatchObject({ status: 403, reply: { code: "forbidden" } });
    }
  });
});
