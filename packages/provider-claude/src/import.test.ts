import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** Runs a module in a separate process and returns its output. */
function run(source: string): string {
  return execFileSync(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: new URL("..", import.meta.url),
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
}

const LOADED = `
import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
const hasSDK = () => loaded.some((url) => url.includes("@anthropic-ai"));
const { claude } = await import("./src/index.ts");
const provider = claude({ apiKey: "k", fetch: async () => new Response("{}") });
provider.isConfigured({}); provider.capabilities("claude-haiku-5-5"); provider.configProblems({}, null);
const before = hasSDK();
await provider.generate(
  { model: "claude-haiku-5-5", messages: [{ role: "user", content: "Hi" }] },
  { signal: new AbortController().signal, env: {}, clock: { now: () => 0 }, callId: "c", credentials: null, limitMs: null, onResponse() {} },
).catch(() => {});
console.log(JSON.stringify({ before, after: hasSDK() }));
`;

test("the SDK is loaded at the first call, and the process ends by itself", () => {
  expect(JSON.parse(run(LOADED))).toEqual({ before: false, after: true });
});
