import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { openRecordStore } from "@babylon/record-store";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandHost } from "./command-host.ts";
import { runTickCommand } from "./run-tick-command.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tick-command-"));
});
afterEach(() => rm(directory, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as the process does, in a separate directory and with settings in memory. */
async function command(
  args: readonly string[],
  surroundings: Partial<Pick<CommandHost, "env" | "recordsUrl" | "abortSignal">> & { isTTY?: boolean } = {},
): Promise<Ran> {
  const { env = {}, recordsUrl = null, isTTY = false, abortSignal = new AbortController().signal } = surroundings;
  const written = { out: "", err: "" };
  const writer = (to: "out" | "err") => ({
    isTTY,
    columns: 120,
    write(text: string): void {
      written[to] += text;
    },
  });
  const code = await runTickCommand({
    args,
    env,
    cwd: directory,
    stdout: writer("out"),
    stderr: writer("err"),
    outputDirectory: join(directory, "output"),
    settingsUrl: "memory://",
    recordsUrl,
    abortSignal,
  });
  return { code, ...written };
}

/** Keys and base URLs of providers of a simulator, as a user would set them. */
function keysOf({ env }: ProviderSimulator, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.some((prefix) => name.startsWith(prefix))));
}

test("without keys it prints that the simulator is used, then the chain, the provider, the stages, the table and the file", async () => {
  const { code, out, err } = await command(["--agents", "0"]);
  expect(err).toBe("");
  expect(code).toBe(0);
  const lines = out.split("\n");
  expect(lines[0]).toMatch(/^No API key found: .*simulator.* on http:\/\/127\.0\.0\.1:\d+.*one W&B call in five fails/);
  expect(lines[1]).toMatch(/^Chain: Weights & Biases \(.+\) -> Groq \(.+\) -> Claude \(.+\) -> OpenAI \(.+\)$/);
  expect(out).toContain("\nUsing Weights & Biases inference API (primary)\n");
  expect(out).toContain("\nWeights & Biases failed (overloaded): falling back to Groq\n");
  expect(out).toMatch(
    /\nprovider +served +requests +failed +retries +fell back +tokens in +tokens out +cost +p50 +p95\n/,
  );
  expect(out).toMatch(/\n22 of 22 calls served in .+ none lost\.\n/);
  expect(out).toContain("8 posts, 64 decisions (");
  expect(out).not.toContain("\u001B");
  const [file] = await readdir(join(directory, "output"));
  expect(out).toContain(`Complete output: ${join("output", String(file))}\n`);
  const product: unknown = JSON.parse(await readFile(join(directory, "output", String(file)), "utf8"));
  expect(product).toMatchObject({ seed: 1, calls: 22, lost: [], undecided: [] });
});

test("on a terminal the stages are progress bars that are redrawn; the rest is the same", async () => {
  const { code, out } = await command(["--agents", "0"], { isTTY: true });
  expect(code).toBe(0);
  expect(out).toContain("\u001B[5A\u001B[J");
  expect(out).toContain("decisions  ████████████████████    1/1");
  expect(out).toContain("22 of 22 calls served");
});

test("with --json standard output is one JSON object; everything else goes to standard error", async () => {
  const { code, out, err } = await command(["--agents", "0", "--json", "--fault", "wandb=503,claude=hang"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    backend: "simulator",
    tick: { seed: 1, posts: 8, decisions: 64, articles: 10, questions: 3, agents: 0, budgetMs: 180_000 },
    calls: { made: 22, served: 22, lost: 0 },
    providers: { wandb: { served: 0 }, groq: { served: 22, p50Ms: expect.any(Number) }, claude: { attempts: 0 } },
    lost: [],
  });
  expect(err).toContain("on purpose wandb answers with 503, claude answers with hang.");
});

test("a failed call is printed with its error, and the exit code is 1", async () => {
  const { code, out } = await command(["--agents", "1", "--fault", "wandb=401,groq=403,claude=401,openai=401"]);
  expect(code).toBe(1);
  expect(out).toContain("0 of 25 calls served");
  expect(out).toMatch(/\nLOST decisions of 64 characters \(all_failed\): .*claude auth/);
  // Which of the other calls have the same error depends on the order of the requests.
  expect(out).toMatch(/\nLOST (?:\d+ calls|\w[^\n]*) \(all_failed\): [^\n]*wandb auth/);
  expect(out).toMatch(/\n {2}groq permission: Groq answered 403/);
  expect(out).not.toContain("UNDECIDED");
});

test("with keys the simulator is not started, and the chain has their providers", async () => {
  await using simulator = await startProviderSimulator();
  const { code, out } = await command(["--agents", "0"], { env: keysOf(simulator, ["GROQ", "OPENAI"]) });
  expect(code).toBe(0);
  expect(out.split("\n")[0]).toBe("This tick calls Groq, OpenAI with your keys.");
  expect(out).toMatch(/\nSkipped: Weights & Biases \(.*WANDB_API_KEY.*\), Claude \(/);
  expect(new Set(simulator.requests.map(({ provider }) => provider))).toEqual(new Set(["groq"]));
  for (const key of Object.values(simulator.env).filter((value) => !value.startsWith("http"))) {
    expect(out).not.toContain(key);
  }
});

test("keys are read from .env", async () => {
  await using simulator = await startProviderSimulator();
  const lines = Object.entries(keysOf(simulator, ["ANTHROPIC"])).map(([name, value]) => `${name}=${value}`);
  await writeFile(join(directory, ".env"), lines.join("\n"));
  const { code, out } = await command(["--agents", "0"]);
  expect(code).toBe(0);
  expect(out.split("\n")[0]).toBe("This tick calls Claude with your key.");
});

test("--simulator does not use the keys", async () => {
  const env = { GROQ_API_KEY: "not-a-key-to-be-used", GROQ_MODEL: "a-model-of-mine" };
  const { code, out } = await command(["--agents", "0", "--simulator", "--fault", "wandb=500"], { env });
  expect(code).toBe(0);
  expect(out).toMatch(/^--simulator: this tick runs against a simulator/);
  expect(out).not.toContain("a-model-of-mine");
});

test.each<[string, string[], Record<string, string>, RegExp]>([
  [
    "an unknown option",
    ["--agent", "5"],
    {},
    /^tick: there is no option --agent; did you mean --agents\?\nTry --help\.\n$/,
  ],
  ["an invalid fault", ["--fault", "wandb=boom"], {}, /^tick: --fault: "boom" is neither an HTTP status/],
  [
    "faults for real providers",
    ["--fault", "groq=503"],
    { GROQ_API_KEY: "k" },
    /^tick: --fault works only with the simulator/,
  ],
  ["settings of an unknown kind", ["--settings", "mongodb://x"], {}, /tick: .*mongodb/],
  ["a variable with settings of an unknown kind", [], { BABYLON_SETTINGS_URL: "mongodb://x" }, /tick: .*mongodb/],
])("%s: exit code 2 and a one-sentence error without a stack", async (_, args, env, message) => {
  const { code, err } = await command(args, { env });
  expect(code).toBe(2);
  expect(err).toMatch(message);
  expect(err).not.toContain("    at ");
});

test("--help lists every option and runs nothing", async () => {
  const { code, out } = await command(["--help"]);
  expect(code).toBe(0);
  for (const name of ["agents", "seed", "budget", "fault", "settings", "experiment", "simulator", "json", "help"]) {
    expect(out).toContain(`--${name}`);
  }
  expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(await readdir(directory)).toEqual([]);
});

test("after an abort the exit code is 130 and no file is written", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  const { code, out } = await command(["--fault", "wandb=hang"], { abortSignal: stop.signal });
  expect(code).toBe(130);
  expect(out).toMatch(/\nStopped\. \d+ calls had ended; nothing was written\.\n$/);
  expect(await readdir(directory)).toEqual([]);
});

test("--experiment finds which half of the agents has the better model", async () => {
  const { code, out } = await command(["--experiment", "--agents", "120", "--json"]);
  expect(code).toBe(0);
  const { experiment } = JSON.parse(out);
  expect(experiment).toMatchObject({
    verdict: "winner",
    winner: "groq-first",
    srm: { ok: true },
    lost: 0,
    units: 120,
    calls: 360,
  });
  const [{ difference, interval }] = experiment.comparison;
  // One W&B call in five falls back to Groq, so the chain has .45 * .8 + .85 * .2 = .53, and the difference is .32 as assigned.
  expect(interval[0]).toBeLessThan(0.32);
  expect(interval[1]).toBeGreaterThan(0.32);
  expect(Math.abs(difference - 0.32)).toBeLessThan(0.1);
  expect(experiment.served.isComparable).toBe(false);
}, 60_000);

test("--records writes a record of each call to an SQLite file, and says where", async () => {
  const { code, out } = await command(["--agents", "1", "--records", "data/calls.db"]);
  const file = join(directory, "data/calls.db");
  expect(code).toBe(0);
  expect(out).toContain(`\nRecords of the calls: ${file}\n`);
  const served = Number(/(\d+) of \d+ calls served/.exec(out)?.[1]);
  const records = await openRecordStore({ url: `sqlite://${file}` });
  try {
    const { calls } = await records.calls({ limit: 1_000 });
    // A list of posts or questions may take several requests, each with a record.
    expect(calls.length).toBeGreaterThanOrEqual(served);
    expect(new Set(calls.map(({ outcome }) => outcome))).toEqual(new Set(["success"]));
  } finally {
    await records.close();
  }
});

test("records are written to the default file, unless --records none is given", async () => {
  const recordsUrl = `sqlite://${directory}/default.db`;
  const { out } = await command(["--agents", "0"], { recordsUrl });
  expect(out).toContain(`\nRecords of the calls: ${join(directory, "default.db")}\n`);
  const none = await command(["--agents", "0", "--records", "none"], { recordsUrl });
  expect(none.out).not.toContain("Records of the calls");
});

test("records that cannot be opened are refused by their name", async () => {
  const { code, err } = await command(["--agents", "0"], { env: { BABYLON_RECORDS_URL: "mysql://host" } });
  expect([code, err]).toEqual([2, expect.stringMatching(/^tick: records: expected a URL with one of the schemes/)]);
});

test("--budget-usd refuses calls before they are sent, and prints what was spent", async () => {
  const { code, out } = await command(["--json", "--agents", "0", "--budget-usd", "0.01"]);
  expect(code).toBe(1);
  const { budget, lost } = JSON.parse(out);
  expect(budget).toMatchObject({ limit: 10_000_000, spent: expect.any(Number) });
  expect(budget.spent).toBeGreaterThan(0);
  expect(budget.spent).toBeLessThanOrEqual(10_000_000);
  expect(lost.length).toBeGreaterThan(0);
  for (const call of lost) expect(call).toMatchObject({ code: "budget" });

  const rich = await command(["--agents", "0", "--budget-usd", "5"]);
  expect(rich.code).toBe(0);
  expect(rich.out).toMatch(/^Budget: \$0\.\d{2,6} of \$5\.00 spent/m);
});
