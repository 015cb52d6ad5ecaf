import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

/** Loads the package in a separate process, creates a provider and sends a first request; reports when the SDK was loaded. */
const SCRIPT = `
  import { registerHooks } from "node:module";
  let loaded = 0;
  registerHooks({ load(url, context, next) { if (/[\\\\/]openai[\\\\/]resources/.test(url)) loaded += 1; return next(url, context); } });
  const { openaiCompatible } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
  const provider = openaiCompatible({ id: "x", name: "X", baseURL: "http://127.0.0.1:1/v1", model: "m" });
  provider.configProblems({}, null);
  provider.capabilities("m");
  const before = loaded;
  const context = { signal: new AbortController().signal, env: {}, clock: { now: () => 0 }, callId: "c", credentials: null, limitMs: null, onResponse() {} };
  const code = await provider.generate({ model: "m", messages: [] }, context).catch((error) => error.code);
  console.log(JSON.stringify({ before, after: loaded > 0, code }));
`;

test("the SDK is loaded by the first request, not before", async () => {
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", SCRIPT]);
  expect(JSON.parse(stdout)).toEqual({ before: 0, after: true, code: "network" });
});
