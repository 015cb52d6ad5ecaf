import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** Without a `.env`, and without keys from the environment of the tests. */
let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tick-main-"));
});
afterAll(() => rm(directory, { recursive: true }));

function start(args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, "--settings", "memory://", ...args], { cwd: directory, env: {} });
}

async function ended(child: ChildProcessWithoutNullStreams) {
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, "close");
  return { code, out, err };
}

test.concurrent("a complete tick: exit code 0, and standard output is one JSON object", async () => {
  const { code, out, err } = await ended(start(["--json", "--agents", "0"]));
  expect(err.split("\n")[0]).toMatch(/^No API key found: .*simulator/);
  const report = JSON.parse(out);
  expect(report).toMatchObject({ ok: true, backend: "simulator", calls: { made: 22, served: 22, lost: 0 } });
  expect(code).toBe(0);
  await rm(resolve(directory, report.output));
}, 30_000);

test.concurrent("a tick with failed calls: exit code 1, and the output has each with its error", async () => {
  const fault = "wandb=401,groq=401,claude=401,openai=401";
  const { code, out } = await ended(start(["--json", "--agents", "0", "--fault", fault]));
  const report = JSON.parse(out);
  expect(code).toBe(1);
  expect(report).toMatchObject({ ok: false, calls: { made: 22, served: 0, lost: 22 } });
  expect(report.lost).toHaveLength(22);
  expect(report.lost[0]).toMatchObject({ code: "all_failed", attempts: expect.arrayContaining([expect.anything()]) });
  await rm(resolve(directory, report.output));
}, 30_000);

test.concurrent("an invalid option: exit code 2, nothing on standard output", async () => {
  const { code, out, err } = await ended(start(["--agents", "many"]));
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toBe('tick: --agents: expected a whole number from 0 to 1000, got "many"\nTry --help.\n');
}, 30_000);

test.concurrent("Ctrl-C during the tick: exit code 130 without delay and without a stack", async () => {
  const child = start(["--fault", "wandb=hang,groq=hang,claude=hang,openai=hang"]);
  const whenEnded = ended(child);
  // The first call is in flight when the client has logged its provider.
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes("inference API (primary)")) break;
  }
  child.kill("SIGINT");
  const { code, err } = await whenEnded;
  expect({ code, err }).toEqual({ code: 130, err: "" });
}, 30_000);
