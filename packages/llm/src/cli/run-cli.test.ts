import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseCommandLine } from "./arguments/parse-command-line.ts";
import { COMMANDS } from "./commands.ts";
import { runTool, type Surroundings, type ToolRun } from "./test-support/run-tool.ts";

let simulator: ProviderSimulator;
let directory = "";
beforeAll(async () => {
  simulator = await startProviderSimulator();
});
beforeEach(async () => {
  simulator.reset();
  simulator.clearFaults();
  directory = await mkdtemp(join(tmpdir(), "babylon-cli-"));
});
afterEach(() => rm(directory, { recursive: true }));
afterAll(() => simulator.close());

/** Runs the tool in its own directory with the simulator, and checks that it prints no key. */
async function tool(args: readonly string[], surroundings: Surroundings = {}): Promise<ToolRun> {
  const env = { ...simulator.env, BABYLON_SETTINGS_URL: `sqlite://${join(directory, "s.db")}`, ...surroundings.env };
  const ran = await runTool(args, { cwd: directory, ...surroundings, env });
  for (const [name, value] of Object.entries(env)) {
    if (name.endsWith("_API_KEY") && value !== "") expect(ran.out + ran.err).not.toContain(value);
  }
  return ran;
}

const KEYLESS = { WANDB_API_KEY: "", GROQ_API_KEY: "", ANTHROPIC_API_KEY: "", OPENAI_API_KEY: "" };

describe("status", () => {
  test("prints the chain, the skipped providers with reasons, the keys and the settings", async () => {
    await writeFile(join(directory, ".env"), "GROQ_MODEL=openai/gpt-oss-20b\nGROQ_API_KEY=a-key-in-the-file");
    await tool(["settings", "set", "order=openai", "providers.claude.enabled=false", "--actor", "ada"]);
    const { code, out, err } = await tool(["status"], { env: { WANDB_API_KEY: "", GROQ_API_KEY: "" } });
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(
      /^Chain\n {2}1 {2}openai {2}OpenAI {2}\S+ +default model\n {2}2 {2}groq {4}Groq {4}openai\/gpt-oss-20b +model of the environment\n/,
    );
    expect(out).toMatch(/- {2}wandb +Weights & Biases {2}no key: set WANDB_API_KEY\n/);
    expect(out).toMatch(/- {2}claude +Claude +switched off in the settings\n/);
    expect(out).toMatch(/WANDB_API_KEY +missing: https:\/\/wandb\.ai\/authorize\n/);
    expect(out).toMatch(/GROQ_API_KEY +set in \.env\n/);
    expect(out).toMatch(/OPENAI_API_KEY +set\n/);
    expect(out).toContain(
      "Status    OpenAI is serving. 1 fallback ready. No calls in this process in the last hour.\n",
    );
    expect(out).toMatch(/Settings {2}\/.*s\.db, version 1, \S+ by ada\n$/);
    expect(out).not.toContain("\u001B");
    expect(simulator.requests).toEqual([]);
  });

  test("--json is the plan with keys as present or not, exit code 1 for an empty chain", async () => {
    const { code, out } = await tool(["status", "--json"], { env: KEYLESS });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      status: { tone: "bad", headline: "No provider can be called" },
      links: [],
      skipped: [{ provider: "wandb", reason: "no key: set WANDB_API_KEY" }, {}, {}, {}],
      keys: [
        { variable: "WANDB_API_KEY", present: false, from: null, keyURL: "https://wandb.ai/authorize" },
        {},
        {},
        {},
      ],
      settings: { location: join(directory, "s.db"), version: 0 },
      envFile: null,
    });
  });

  test("uses an agent's settings, and warns about a retired model", async () => {
    await tool(["settings", "set", "agents.mayor.provider=claude", "providers.groq.model=llama-3.3-70b-versatile"]);
    const { out } = await tool(["status", "--agent", "mayor"]);
    expect(out).toMatch(/^Chain\n {2}1 {2}claude/);
    expect(out).toMatch(/\nWarning {2}.*llama-3\.3-70b-versatile.*openai\/gpt-oss-120b/);
  });

  test("colours on a terminal, unless NO_COLOR", async () => {
    expect((await tool(["status"], { isTTY: true })).out).toContain("\u001B[1mChain");
    expect((await tool(["status"], { isTTY: true, env: { NO_COLOR: "1" } })).out).not.toContain("\u001B");
  });

  test("without a URL the default file is read, and not created", async () => {
    const env = { BABYLON_SETTINGS_URL: "" };
    const { code, out } = await tool(["status"], { env });
    expect(code).toBe(0);
    expect(out).toContain(`Settings  ${join(directory, "data/babylon.db")} (not created yet), nothing stored`);
    expect(existsSync(join(directory, "data"))).toBe(false);
    expect((await tool(["settings", "set", "order=claude"], { env })).code).toBe(0);
    expect((await tool(["status"], { env })).out).toMatch(/^Chain\n {2}1 {2}claude[\s\S]*data\/babylon\.db, version 1/);
  });
});

describe("ask", () => {
  test("prints only the answer; provider and model go to standard error", async () => {
    const { code, out, err } = await tool(["ask", "Name", "a", "ship."]);
    expect(code).toBe(0);
    expect(out.trim()).not.toBe("");
    expect(err).toMatch(/^wandb meta-llama\/Llama-3\.3-70B-Instruct, .+, \d+ \+ \d+ tokens\n$/);
    expect(JSON.stringify(simulator.requests[0]?.body)).toContain("Name a ship.");
  });

  test("prints failed attempts", async () => {
    simulator.setFault("wandb", { kind: "status", status: 401 });
    const { code, err } = await tool(["ask", "x"]);
    expect(code).toBe(0);
    expect(err).toMatch(/^wandb: .*401.*\ngroq openai\/gpt-oss-120b, /);
  });

  test("--json is the result", async () => {
    const { code, out, err } = await tool(["ask", "x", "--json", "--provider", "claude", "--system", "Be brief."]);
    expect([code, err]).toEqual([0, ""]);
    const printed: unknown = JSON.parse(out);
    expect(printed).toMatchObject({
      ok: true,
      provider: "claude",
      finishReason: "stop",
      attempts: [{ outcome: "success" }],
    });
    expect(JSON.stringify(simulator.requests[0]?.body)).toContain("Be brief.");
  });

  test("--stream prints the same text while it arrives; with --json one event per line", async () => {
    const whole = await tool(["ask", "x", "-p", "openai"]);
    const streamed = await tool(["ask", "x", "-p", "openai", "--stream"]);
    expect([streamed.code, streamed.out]).toEqual([0, whole.out]);
    const { out } = await tool(["ask", "x", "-p", "openai", "--stream", "--json"]);
    const events: { type: string; text?: string; ok?: boolean }[] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const text = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
    expect(`${text}\n`).toBe(whole.out);
    expect(events.at(-1)).toMatchObject({ type: "finish", ok: true, provider: "openai", text });
  });

  test("an interrupted stream restarts on a terminal, and fails where text cannot be removed", async () => {
    simulator.setFault("wandb", { kind: "reset", when: "mid-stream" });
    const terminal = await tool(["ask", "x", "--stream"], { isTTY: true, env: { NO_COLOR: "1" } });
    expect(terminal.code).toBe(0);
    expect(terminal.err).toContain("wandb was interrupted; ");
    const piped = await tool(["ask", "x", "--stream"]);
    expect(piped.code).toBe(1);
    expect(piped.err).toMatch(/^babylon-llm: /);
  });

  test("--model without --provider uses the first provider of the chain that lists it, without fallback", async () => {
    const { code, out } = await tool(["ask", "x", "--json", "--model", "claude-sonnet-5-5"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ provider: "claude", model: "claude-sonnet-5-5" });
    expect(simulator.requests.map(({ provider }) => provider)).toEqual(["claude"]);
  });

  test("- reads the prompt from standard input", async () => {
    const bytes = new TextEncoder().encode("Größe");
    const stdin = (async function* () {
      yield "a prompt ";
      yield bytes.slice(0, 3);
      yield bytes.slice(3);
    })();
    expect((await tool(["ask", "-"], { stdin })).code).toBe(0);
    expect(JSON.stringify(simulator.requests[0]?.body)).toContain("a prompt Größe");
  });

  test.each<[string, string[], number, RegExp]>([
    [
      "an unknown provider",
      ["ask", "x", "-p", "grok"],
      2,
      /unknown provider "grok": expected one of wandb, groq, claude, openai\n$/,
    ],
    ["an unlisted model", ["ask", "x", "-m", "hal-9000"], 2, /no provider of the chain lists .*with --provider/],
    ["an empty prompt", ["ask", " "], 2, /the prompt is empty/],
    ["empty input", ["ask", "-"], 2, /standard input is empty/],
    ["no time at all", ["ask", "x", "--timeout", "0"], 2, /--timeout: expected seconds/],
    [
      "an invalid scheme",
      ["ask", "x", "--settings", "mongodb://u:p-secret@h"],
      2,
      /--settings: unknown scheme mongodb:/,
    ],
  ])("%s is a one-sentence error", async (_, args, code, message) => {
    const ran = await tool(args);
    expect([ran.code, ran.out]).toEqual([code, ""]);
    expect(ran.err).toMatch(message);
    expect(ran.err).not.toMatch(/ at .*\.ts|p-secret/);
    expect(simulator.requests).toEqual([]);
  });

  test("without any key: exit code 1 and the variables to set", async () => {
    const { code, err } = await tool(["ask", "x"], { env: KEYLESS });
    expect(code).toBe(1);
    expect(err).toMatch(/fix: set WANDB_API_KEY \(https:.+\), or GROQ_API_KEY .+ in \.env\n$/);
  });

  test("a rejected key: its variable and the URL for a new one; with --json on standard output", async () => {
    const env = { GROQ_API_KEY: "wrong-key-0123" };
    const { code, err } = await tool(["ask", "x", "-p", "groq"], { env });
    expect(code).toBe(1);
    expect(err).toMatch(
      /^babylon-llm: Groq answered 401: .+\nfix: check GROQ_API_KEY; create a new one at .+console\.groq\.com\/keys\n$/,
    );
    const { out } = await tool(["ask", "x", "-p", "groq", "--json"], { env });
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      error: { code: "auth", fix: expect.stringContaining("GROQ_API_KEY") },
    });
  });

  test("Ctrl-C exits with 130 and closes the connection", async () => {
    for (const provider of ["wandb", "groq", "claude", "openai"] as const)
      simulator.setFault(provider, { kind: "hang" });
    const stop = new AbortController();
    const running = tool(["ask", "x", "--timeout", "600"], { abortSignal: stop.signal });
    const { id } = await simulator.waitForRequest();
    stop.abort();
    expect(await running).toMatchObject({ code: 130, out: "", err: "" });
    expect((await simulator.waitForClosed(id)).outcome).not.toBe("pending");
  });

  test("Ctrl-C stops reading standard input", async () => {
    const stop = new AbortController();
    const stdin = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => stop.abort()) }) };
    expect(await tool(["ask", "-"], { stdin, abortSignal: stop.signal })).toMatchObject({ code: 130, out: "" });
  });
});

describe("models", () => {
  test("lists the models of one provider from its vendor", async () => {
    const { code, out } = await tool(["models", "groq"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Groq \(groq\)\n/);
    expect(out).toMatch(/\n \* openai\/gpt-oss-120b +recommended/);
    expect(simulator.requests).toHaveLength(1);
  });

  test("lists the models of all providers with a key; a failed list is printed with the others, with exit code 1", async () => {
    const env = { ...KEYLESS, GROQ_API_KEY: simulator.env.GROQ_API_KEY, OPENAI_API_KEY: "wrong-key-0123" };
    const { code, out } = await tool(["models", "--json"], { env });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      providers: [
        { provider: "groq", source: "vendor", inUse: "openai/gpt-oss-120b" },
        { provider: "openai", models: [], error: { code: "auth", fix: expect.stringContaining("OPENAI_API_KEY") } },
      ],
    });
  });

  test("without a key: the built-in list", async () => {
    const { code, out } = await tool(["models", "wandb"], { env: KEYLESS });
    expect(code).toBe(0);
    expect(out).toMatch(/^Weights & Biases \(wandb\): built-in list; set WANDB_API_KEY for the vendor's list\n/);
    expect(out).toContain(" * meta-llama/Llama-3.3-70B-Instruct");
    expect(simulator.requests).toEqual([]);
  });

  test("of an unknown provider", async () => {
    expect(await tool(["models", "grok"])).toMatchObject({ code: 2, out: "", err: expect.stringContaining('"grok"') });
  });
});

describe("settings", () => {
  test("set, get, history and rollback", async () => {
    const set = await tool(["settings", "set", "order=groq,wandb", "--actor", "ada", "--reason", "W&B is slow"]);
    expect(set.code).toBe(0);
    expect(set.out).toBe(`Version 1: order changed in ${join(directory, "s.db")}\n`);
    expect(set.err).toMatch(/groq \(openai\/gpt-oss-120b\) -> wandb /);
    expect((await tool(["ask", "x", "--json"])).out).toContain('"provider": "groq"');

    const second = await tool(["settings", "set", "providers.wandb.model=openai/gpt-oss-120b", "--json"], {
      env: { USER: "grace" },
    });
    expect(JSON.parse(second.out)).toMatchObject({ ok: true, committed: true, version: 2, changed: ["providers"] });
    expect((await tool(["settings", "get", "providers.wandb.model"])).out).toBe("openai/gpt-oss-120b\n");
    expect((await tool(["settings", "get", "agents"])).out).toBe("{}\n");
    expect((await tool(["settings", "get", "providers.groq"])).out).toBe("null\n");
    const all = await tool(["settings", "get", "--json"]);
    expect(JSON.parse(all.out)).toMatchObject({ version: 2, updatedBy: "grace", value: { order: ["groq", "wandb"] } });

    const history = await tool(["settings", "history"]);
    expect(history.out).toMatch(
      /^2 {2}\S+ {2}grace {2}\{"providers".*\n1 {2}\S+ {2}ada {4}\{"order":\["groq","wandb"\]\} +W&B is slow\n$/,
    );
    const limited = await tool(["settings", "history", "--limit", "1", "--json"]);
    expect(JSON.parse(limited.out)).toMatchObject({ total: 2, history: [{ version: 2, by: "grace" }] });

    expect((await tool(["settings", "rollback", "1", "--actor", "ada"])).out).toMatch(/^Version 3: providers changed/);
    expect((await tool(["settings", "get", "providers"])).out).toBe("{}\n");
    expect((await tool(["settings", "history"])).out).toMatch(/^3 .* rollback to version 1\n/);
  });

  test("a change without an effect makes no new version", async () => {
    await tool(["settings", "set", "order=groq"]);
    expect((await tool(["settings", "set", "order=groq"])).out).toMatch(/^Version 1 unchanged/);
  });

  test("--patch takes any merge patch; an unknown provider is a warning", async () => {
    const { code, err } = await tool(["settings", "set", "--patch", '{"providers":{"wnadb":{"enabled":false}}}']);
    expect(code).toBe(0);
    expect(err).toMatch(/Warning: .*wnadb/);
  });

  test.each<[string, string[], number, RegExp]>([
    ["not an assignment", ["set"], 2, /needs path=value, such as order=groq,wandb/],
    ["an unknown path", ["set", "provider.wandb.model=x"], 2, /unknown setting "provider\.wandb\.model"; paths are/],
    ["an invalid value", ["set", "providers.wandb.enabled=no"], 2, /expected true or false/],
    ["an invalid id", ["set", "order=W&B"], 2, /order\.0: a provider id has lower-case/],
    ["a prototype", ["set", "agents.__proto__.provider=groq"], 2, /__proto__/],
    [
      "an incomplete change of an agent",
      ["set", "agents.m.models.groq=x", "agents.m.provider=groq"],
      2,
      /and the other to null/,
    ],
    ["both ways", ["set", "order=groq", "--patch", "{}"], 2, /either assignments or --patch/],
    ["invalid JSON", ["set", "--patch", "{order"], 2, /--patch is not JSON/],
    [
      "a version of another process",
      ["set", "order=groq", "--expected-version", "7"],
      3,
      /another writer changed the settings.*\nfix: .*settings get/,
    ],
    ["no version", ["rollback", "last"], 2, /expected a whole number, 0 or more, got "last"/],
    ["a version that is not in the history", ["rollback", "9"], 2, /version 9\nfix: settings history/],
    ["memory", ["set", "order=groq", "--settings", "memory://"], 2, /are lost when this command ends/],
    [
      "a file that is not writable",
      ["get", "--settings", "sqlite:///proc/nope/s.db"],
      3,
      /\nfix: check that .*BABYLON_SETTINGS_URL/,
    ],
  ])("%s is an error with a fix", async (_, args, code, message) => {
    const ran = await tool(["settings", ...args]);
    expect([ran.code, ran.out]).toEqual([code, ""]);
    expect(ran.err).toMatch(message);
  });
});

describe("doctor", () => {
  test("a valid setup: one small call to each provider", async () => {
    const { code, out } = await tool(["doctor"]);
    expect(code).toBe(0);
    expect(out).toMatch(/ok +WANDB_API_KEY +Weights & Biases answered with meta-llama/);
    expect(out).toMatch(/ok +clock +agrees/);
    expect(out).toMatch(/- +proxy +not set/);
    expect(out).toMatch(/ok +settings +\/.*s\.db, nothing stored, read in/);
    expect(out).toMatch(/\nAll checks passed\.\n$/);
    const chats = simulator.requests.filter(({ method }) => method === "POST").map(({ provider }) => provider);
    expect(chats.toSorted()).toEqual(["claude", "groq", "openai", "wandb"]);
  });

  test("problems are printed with fixes, and do not stop the other checks", async () => {
    await tool(["settings", "set", "providers.openai.enabled=false"]);
    const env = {
      WANDB_API_KEY: "",
      GROQ_API_KEY: "wrong-key-0123",
      ANTHROPIC_BASE_URL: "http://models.example.com",
      HTTPS_PROXY: "ftp://nowhere",
    };
    const { code, out } = await tool(["doctor", "--json"], { env });
    expect(code).toBe(1);
    const { ok, findings }: { ok: boolean; findings: { about: string }[] } = JSON.parse(out);
    expect(ok).toBe(false);
    const found = Object.fromEntries(findings.map((finding) => [finding.about, finding]));
    expect(found).toMatchObject({
      WANDB_API_KEY: { verdict: "skipped", fix: expect.stringContaining("https://wandb.ai/authorize") },
      GROQ_API_KEY: {
        verdict: "bad",
        message: expect.stringContaining("401"),
        fix: expect.stringContaining("console.groq.com"),
      },
      ANTHROPIC_API_KEY: { verdict: "bad", message: expect.stringContaining("ANTHROPIC_BASE_URL") },
      OPENAI_API_KEY: { verdict: "skipped", message: expect.stringContaining("switched off") },
      HTTPS_PROXY: { verdict: "bad" },
      settings: { verdict: "good" },
    });
  });

  test("settings that cannot be opened do not stop the other checks", async () => {
    const { code, out } = await tool(["doctor", "--settings", "sqlite:///proc/nope/s.db"]);
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL +settings/);
    expect(out).toMatch(/ok +GROQ_API_KEY/);
    expect(out).toMatch(/Fixes\n {2}settings: check that/);
  });

  test("without any key no request is sent, and the check fails", async () => {
    const { code, out } = await tool(["doctor"], { env: KEYLESS });
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL +chain +the chain is empty/);
    expect(simulator.requests).toEqual([]);
  });

  test("Ctrl-C ends it", async () => {
    simulator.setFault("groq", { kind: "hang" });
    const stop = new AbortController();
    const running = tool(["doctor", "--timeout", "600"], { abortSignal: stop.signal });
    await simulator.waitForRequest(({ provider, method }) => provider === "groq" && method === "POST");
    stop.abort();
    expect(await running).toMatchObject({ code: 130, out: "" });
  });
});

describe("help", () => {
  test.each(COMMANDS.map(({ name }) => name))("of %s names its options, within 120 columns", async (name) => {
    const { code, out } = await runTool([...name.split(" "), "--help"]);
    expect(code).toBe(0);
    for (const option of COMMANDS.find((command) => command.name === name)?.options ?? []) {
      expect(out).toContain(`--${option.name}`);
    }
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test("the overview lists every command and every exit code", async () => {
    const { code, out } = await runTool([]);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(out).toContain(`  ${name}`);
    for (const exit of ["0 success", "1 the call", "2 invalid", "3 the settings", "130 stopped"])
      expect(out).toContain(exit);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test("the guide lists every command, and each command in it can be parsed", async () => {
    const guide = await readFile(new URL("../../../../docs/guide/command-line.md", import.meta.url), "utf8");
    for (const { name } of COMMANDS) expect(guide).toContain(`| \`${name}`);
    const commands = [...guide.matchAll(/(?:^|\| )babylon-llm (.+?)(?: +#.*| \| .*)?$/gm)].map(([, line = ""]) => line);
    expect(commands.length).toBeGreaterThan(8);
    for (const line of commands) {
      const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
        ([, one, two, three]) => one ?? two ?? three ?? "",
      );
      expect([line, parseCommandLine(words).do]).toEqual([line, "run"]);
    }
  });

  test("the version is the package's", async () => {
    expect((await runTool(["--version"])).out).toMatch(/^\d+\.\d+\.\d+/);
  });

  test("a usage error with --json is an object", async () => {
    const { code, out, err } = await runTool(["stat", "--json"]);
    expect([code, err]).toEqual([2, ""]);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      error: { code: "usage", fix: "see babylon-llm --help" },
    });
  });
});
