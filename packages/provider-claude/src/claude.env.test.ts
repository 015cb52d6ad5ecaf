import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { claude } from "./claude.ts";
import { attemptContext, KEY, REQUEST } from "./test-support/attempt-context.ts";
import { readFixture } from "./test-support/read-fixture.ts";
import { sendJSON, serve } from "./test-support/serve.ts";

const LEAK = "leaked-from-the-environment";
const directory = mkdtempSync(join(tmpdir(), "claude-env-"));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** All variables that the SDK reads from the environment (`@anthropic-ai/sdk` 1.12), with values that a request would show. */
const VARIABLES: Readonly<Record<string, string>> = {
  ANTHROPIC_API_KEY: LEAK,
  ANTHROPIC_AUTH_TOKEN: LEAK,
  ANTHROPIC_BASE_URL: `http://${LEAK}.invalid`,
  ANTHROPIC_CUSTOM_HEADERS: `authorization: Bearer ${LEAK}\nanthropic-version: ${LEAK}\nx-leak: ${LEAK}\nx-api-key: ${LEAK}\nx-client-request-id: ${LEAK}`,
  ANTHROPIC_LOG: "debug",
  ANTHROPIC_PROFILE: LEAK,
  ANTHROPIC_CONFIG_DIR: directory,
  ANTHROPIC_IDENTITY_TOKEN: LEAK,
  ANTHROPIC_IDENTITY_TOKEN_FILE: join(directory, "token"),
  ANTHROPIC_FEDERATION_RULE_ID: LEAK,
  ANTHROPIC_ORGANIZATION_ID: LEAK,
  ANTHROPIC_WORKSPACE_ID: LEAK,
  ANTHROPIC_SERVICE_ACCOUNT_ID: LEAK,
  ANTHROPIC_SCOPE: LEAK,
  ANTHROPIC_WEBHOOK_SIGNING_KEY: LEAK,
  ANTHROPIC_OPEN_TELEMETRY: "true",
  ANTHROPIC_OPEN_TELEMETRY_PROPAGATION: "true",
};

test("nothing of the process environment or of a profile on disk reaches the request or the console", async () => {
  mkdirSync(join(directory, "configs"), { recursive: true });
  const profile = { base_url: `http://${LEAK}.invalid`, authentication: { type: "api_key", api_key: LEAK } };
  writeFileSync(join(directory, "configs", `${LEAK}.json`), JSON.stringify(profile));
  writeFileSync(join(directory, "token"), LEAK);
  for (const [name, value] of Object.entries(VARIABLES)) vi.stubEnv(name, value);
  const said = (["debug", "info", "log", "warn", "error"] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation(() => {}),
  );
  const server = await serve((response, { method }) =>
    sendJSON(response, 200, readFixture(method === "GET" ? "models/page-2.json" : "responses/text.json")),
  );
  const provider = claude({ apiKey: KEY, baseURL: server.url });

  // The SDK would print a warning about this one to the console.
  await provider.generate({ ...REQUEST, model: "claude-sonnet-4-5" }, attemptContext());
  await provider.listModels?.(attemptContext());

  expect(server.received.map(({ url }) => url)).toEqual(["/v1/messages", "/v1/models?limit=1000"]);
  expect(JSON.stringify(server.received)).not.toContain(LEAK);
  for (const { headers } of server.received) {
    expect(headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      "anthropic-version": "2026-10-21",
      "x-client-request-id": "call-1",
    });
    expect(headers).not.toHaveProperty("traceparent");
  }
  for (const spy of said) expect(spy).not.toHaveBeenCalled();
  rmSync(directory, { recursive: true });
});

test("the process environment is not read if another one is passed", async () => {
  vi.stubEnv("ANTHROPIC_API_KEY", LEAK);
  expect(claude().isConfigured({})).toBe(false);
  expect(claude().configProblems?.({}, null)).toEqual([]);
});

test("the SDK creates no spans, also in an application with tracing", async () => {
  const getTracer = vi.fn();
  // Where `@opentelemetry/api` stores the registered tracer; it accepts any minor version above its own.
  const registry = Symbol.for("opentelemetry.js.api.1");
  vi.stubGlobal(registry as unknown as string, { version: "1.999.0", trace: { getTracer } });
  const server = await serve((response) => sendJSON(response, 200, readFixture("responses/text.json")));
  await claude({ apiKey: KEY, baseURL: server.url }).generate(REQUEST, attemptContext());
  vi.unstubAllGlobals();
  expect(server.received).toHaveLength(1);
  expect(getTracer).not.toHaveBeenCalled();
});
