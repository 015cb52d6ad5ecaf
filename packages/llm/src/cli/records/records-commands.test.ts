import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock, type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBabylonLLM } from "../../create-babylon-llm.ts";
import { runTool, type ToolRun } from "../test-support/run-tool.ts";

let simulator: ProviderSimulator;
let directory = "";
let url = "";
let rescued = "";

beforeAll(async () => {
  simulator = await startProviderSimulator();
  directory = await mkdtemp(join(tmpdir(), "babylon-cli-records-"));
  url = `sqlite://${join(directory, "records.db")}`;
  await using llm = await createBabylonLLM({
    env: { ...simulator.env, BABYLON_RECORDS_URL: url },
    settings: {},
    recordContent: true,
  });
  await llm.generateText({ prompt: "x", agent: "mayor", provider: "claude" });
  simulator.setFault("wandb", { kind: "status", status: 402 });
  await llm.generateText({ prompt: "x", agent: "clerk", callId: "rescued-call" });
  await llm.generateText({ prompt: "x", provider: "wandb", agent: '=evil,"one"' }).catch(() => {});
  await llm.records?.flush();
  expect(llm.records?.location).toBe(join(directory, "records.db"));
  rescued = "rescued-call";
});
afterAll(async () => {
  await simulator.close();
  await rm(directory, { recursive: true });
});

const tool = (...args: readonly string[]): Promise<ToolRun> =>
  runTool(args, { env: { BABYLON_RECORDS_URL: url }, cwd: directory });

describe("usage", () => {
  test("prints calls, tokens and cost by provider, and what is not known", async () => {
    const { code, out, err } = await tool("usage", "--by", "provider");
    expect([code, err]).toEqual([0, ""]);
    const [header, ...rows] = out.split("\n");
    expect(header).toMatch(/^provider +calls +failed +aborted +rescued +input +output +cost +p50 +p95 +first token$/);
    expect(rows.find((row) => row.startsWith("claude"))).toMatch(/^claude +1 +0 +0 +0 +[1-9]/);
    expect(rows.find((row) => row.startsWith("groq"))).toMatch(/^groq +1 +0 +0 +1 +[1-9]/);
    expect(rows.find((row) => row.startsWith("(none)"))).toMatch(/^\(none\) +1 +1 +0 +0/);
    expect(out).toMatch(/Not in these sums: the (tokens|cost) of \d+ attempts/);
    expect(rows.join("\n")).toMatch(/unknown|\+ \?/);
    expect(out).toContain("(none): calls without an answer.\nCalls since ");
    expect(out).toMatch(/Times are of successful attempts\.\n$/);
  });

  test("--csv is a table that a spreadsheet does not run", async () => {
    const { out } = await tool("usage", "--by", "agent", "--csv");
    const [header, ...rows] = out.trimEnd().split("\r\n");
    expect(header).toMatch(
      /^period_start,agent,calls,failed_calls,aborted_calls,.*,known_cost_usd,lowest_cost_usd,attempts_with_unknown_cost,latency_p50_ms/,
    );
    expect(rows).toHaveLength(3);
    expect(rows.some((row) => row.includes(`,"'=evil,""one""",1,1,0,`) || row.includes(",'=evil,"))).toBe(true);
  });

  test("a date of --since begins at midnight in the time zone", async () => {
    const { out } = await tool("usage", "--since", "2026-11-01", "--zone", "Asia/Kathmandu", "--json");
    expect(new Date(JSON.parse(out).from).toISOString()).toBe("2026-10-31T18:15:00.000Z");
  });

  test("--where, --bucket and --zone select, and --json has all figures", async () => {
    const args = [
      "usage",
      "--json",
      "--where",
      "agent=clerk,agent=mayor",
      "--bucket",
      "day",
      "--zone",
      "Asia/Kathmandu",
    ];
    const { code, out } = await tool(...args);
    const { rows } = JSON.parse(out);
    expect(code).toBe(0);
    expect(rows).toMatchObject([{ group: {}, calls: 2, rescued: 1, failed: 0 }]);
  });

  test.each([
    [["--by", "color"], /--by: expected provider, model/],
    [["--since", "soon"], /--since: expected a time/],
    [["--bucket", "year"], /--bucket: expected all, hour/],
    [["--where", "color=red"], /--where: expected provider/],
    [["--where", "agent"], /--where: expected <name>=<value>, got "agent"/],
    [["--where", "outcome=ok"], /--where: expected an outcome of success, failed, aborted, interrupted, got "ok"/],
    [["--since", "2199-01-01"], /--since: expected a time in the past, got "2199-01-01"/],
    [["--csv", "--json"], /--csv and --json exclude each other/],
    [["--records", "foo"], /--records: expected a URL with one of the schemes sqlite:.*\n?.*fix: check --records, or/s],
    [["--zone", "Mars"], /--zone: expected an IANA time zone such as Europe\/Berlin, got "Mars"/],
  ])("%j is refused", async (args, message) => {
    const { code, err, out } = await tool("usage", ...args);
    expect([code, err || out]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe("calls", () => {
  test("prints the log, the newest last; --failed only what failed", async () => {
    const { code, out } = await tool("calls");
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toHaveLength(3);
    expect(out).toMatch(/success {2}groq .* agent clerk {2}2 attempts .* rescued-call\n.*failed: quota {2}no answer/);
    const failed = await tool("calls", "--failed", "--json");
    expect(JSON.parse(failed.out)).toMatchObject({ ok: true, calls: [{ outcome: "failed", attempts: 1 }] });
  });

  test("says that there are more, or none", async () => {
    const { out, err } = await tool("calls", "--limit", "1");
    expect(out.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toBe("The newest 1; for older ones set --limit, at most 1000.\n");
    const none = await tool("calls", "--where", "agent=nobody");
    expect([none.code, none.out, none.err]).toEqual([0, "", expect.stringMatching(/^No such calls since 20/)]);
    expect((await tool("usage", "--where", "agent=nobody")).out).toMatch(/^No such calls since 20.*\n$/);
    expect((await tool("calls", "--limit", "1001")).err).toContain("--limit: expected a whole number, from 1 to 1000");
  });

  test("--follow prints calls that are stored later, until Ctrl-C", async () => {
    const stop = new AbortController();
    const clock = createFakeClock(Date.now());
    const printed: Promise<ToolRun> = runTool(["calls", "--follow", "--json", "--limit", "1"], {
      env: { BABYLON_RECORDS_URL: url },
      cwd: directory,
      abortSignal: stop.signal,
      clock,
    });
    await using llm = await createBabylonLLM({ env: { ...simulator.env }, settings: {}, records: url });
    // The timers of the opened store and of the next look.
    await expect.poll(() => clock.pendingTimers(), { timeout: 10_000 }).toBe(2);
    await llm.generateText({ prompt: "x", callId: "a-later-call", provider: "groq" });
    await llm.records?.flush();
    await clock.advance(1_000);
    stop.abort();
    const { code, out } = await printed;
    expect(code).toBe(130);
    expect(out).toContain('"callId":"a-later-call"');
  });
});

describe("call", () => {
  test("prints the attempts, and the content only when it is asked for", async () => {
    const { code, out } = await tool("call", rescued);
    expect(code).toBe(0);
    expect(out).toMatch(/1 +first +wandb .* failed \(quota\)/);
    expect(out).toMatch(/2 +fallback +groq .* success/);
    expect(out).not.toContain('"messages"');
    expect((await tool("call", rescued, "--content")).out).toContain('"messages"');
    expect(JSON.parse((await tool("call", rescued, "--json")).out)).toMatchObject({
      ok: true,
      call: { callId: rescued },
    });
  });

  test("exit code 1 if there is no such call", async () => {
    const { code, err } = await tool("call", "nothing");
    expect([code, err]).toEqual([1, expect.stringContaining("no call nothing in /")]);
  });
});

test("no records: says which option and variable to set; a file that does not exist is not created", async () => {
  const { code, err } = await runTool(["usage"]);
  expect([code, err]).toEqual([2, expect.stringContaining("set --records or BABYLON_RECORDS_URL")]);
  const missing = await runTool(["usage", "--records", `sqlite://${directory}/missing.db`], { cwd: directory });
  expect([missing.code, missing.err]).toEqual([1, expect.stringMatching(/--records: .*missing\.db cannot be used/)]);
});
