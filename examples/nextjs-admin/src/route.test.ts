import { readFileSync } from "node:fs";
import { expect, expectTypeOf, test, vi } from "vitest";
import * as route from "./app/api/admin/ai-models/[[...path]]/route.ts";

/**
 * What the app router calls (Next.js docs, "route.js", version 16): a request that extends the web's, and a context with the path. A
 * function of the plain request takes both.
 */
type NextRouteHandler = (
  request: Request & { readonly nextUrl: URL },
  context: { readonly params: Promise<{ path?: string[] }> },
) => Promise<Response>;

test("exports route handlers only", () => {
  expectTypeOf(route.GET).toExtend<NextRouteHandler>();
  expectTypeOf(route.PUT).toExtend<NextRouteHandler>();
  expectTypeOf(route.POST).toExtend<NextRouteHandler>();
  expect(Object.keys(route).sort()).toEqual(["GET", "POST", "PUT", "dynamic", "runtime"]);
});

test("without a token the routes reject requests, and the reason is logged", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const reply = await route.GET(new Request("http://app.test/api/admin/ai-models"));
  expect(reply.status).toBe(500);
  expect(await reply.json()).toMatchObject({ success: false, code: "internal" });
  expect(String(logged.mock.lastCall?.[1])).toContain("fewer than 16 characters");
  logged.mockRestore();
});

test("states its path in the application", () => {
  expect(readFileSync(new URL("../README.md", import.meta.url), "utf8")).toContain("[[...path]]/route.ts");
});
