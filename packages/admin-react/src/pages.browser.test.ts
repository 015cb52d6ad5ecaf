import { existsSync } from "node:fs";
import { type Authorize, type Authorized, createAdminHandler } from "@babylon/admin-api";
import { createExperiments, type ExperimentRows, type Experiments, openExperimentRows } from "@babylon/experiments";
import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { openRecordStore, type RecordStore } from "@babylon/record-store";
import { createSettingsStore, type SettingsStore } from "@babylon/settings-store";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findingsOn, LOOKS, WIDE } from "./test-support/axe-looks.ts";
import { sampleRecord } from "./test-support/sample-records.ts";
import { bundleTab, CHROMIUM, serveTab } from "./test-support/serve-tab.ts";

const missing = !existsSync(CHROMIUM);
if (missing && process.env.CI === "true") throw new Error(`no Chromium at ${CHROMIUM}`);
if (missing) console.warn(`no Chromium at ${CHROMIUM}: the pages for usage and calls are not tried`);

const CALLS = 2_000;
const HOUR_MS = 3_600_000;
const CANARY = "canary-7f3a";

const EXPERIMENT = {
  state: "running",
  unit: "agent",
  arms: [
    { id: "control", weight: 5_000 },
    { id: "tuned", weight: 5_000, provider: "groq", model: "acme/tuned" },
  ],
  metric: "accepted",
  direction: "up",
  guardrails: [{ metric: "failure", worseBy: 0.05 }],
  plannedUnits: 400,
} as const;

describe.skipIf(missing)("the pages, in a browser over the SQLite store", () => {
  let store: RecordStore;
  let settings: SettingsStore;
  let rows: ExperimentRows;
  let experiments: Experiments;
  let browser: Browser;
  let script: string;
  let permissions: Authorized["permissions"];
  const replies: string[] = [];
  const errors: (readonly string[])[] = [];
  const now = Date.now();
  const startOf = (at: number) => now - 60_000 - Math.floor((at / CALLS) * 29 * 24 * HOUR_MS);

  const authorize: Authorize = () => ({ actor: "ana", permissions });
  let handler: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    store = await openRecordStore({ url: "sqlite://:memory:" });
    for (let at = 0; at < CALLS; at += 1) void store.recorder(sampleRecord(at, startOf(at), CANARY));
    await store.flush();
    settings = await createSettingsStore({ url: "memory://" });
    const providers = ["wandb", "groq", "claude", "openai"].map((id) =>
      mockProvider({ id, name: id === "wandb" ? "Weights & Biases" : id }),
    );
    rows = await openExperimentRows({ url: "memory://" });
    experiments = createExperiments({ rows, settings, guardEveryMs: null });
    const { router, recorder } = experiments;
    const llm = createLLMClient({ providers, settings, router, recorders: [recorder] });
    await settings.update({ experiments: { "npc-model": EXPERIMENT } });
    for (let unit = 0; unit < 200; unit += 1) {
      const { callId, provider } = await llm.generateText({ prompt: "x", agent: `npc-${unit}` });
      const value = provider === "groq" || unit % 4 === 0;
      await experiments.observe({ callId, metric: "accepted", value });
    }
    handler = createAdminHandler({
      llm,
      experiments,
      settings,
      records: store,
      basePath: "/models",
      authorize,
    });
    script = await bundleTab("react", "react-dom");
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    await store?.close();
    await experiments?.close();
    await rows?.close();
    await settings?.close();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const found = errors.splice(0).flat();
    replies.length = 0;
    permissions = undefined;
    expect(found).toEqual([]);
  });

  async function open(path: string, options: BrowserContextOptions = { viewport: WIDE }): Promise<Page> {
    const context = await browser.newContext({
      reducedMotion: "reduce",
      timezoneId: "Europe/Berlin",
      locale: "en-GB",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    errors.push(await serveTab(page, { script, handler, onReply: (text) => replies.push(text) }));
    await page.goto(`http://tab.test/${path}`);
    return page;
  }
  const tile = (page: Page, name: string) => page.locator(`[data-tile="${name}"] .bm-tile-value`).textContent();
  const drawn = (page: Page) => page.locator('[data-chart="rescued"] path').first().waitFor({ state: "attached" });

  const STATES: readonly {
    readonly state: string;
    readonly path: string;
    readonly full?: boolean;
    reach(page: Page): Promise<unknown>;
  }[] = [
    {
      state: "models with sparklines",
      full: true,
      path: "",
      reach: (page) => page.getByRole("img", { name: /^Weights & Biases, last 24 hours/ }).waitFor(),
    },
    {
      state: "usage by agent, with a period in focus and open tables",
      full: true,
      path: "?ai-page=usage&ai-range=30d&ai-by=agent",
      async reach(page) {
        await drawn(page);
        await page.locator(".bm-legend-name", { hasText: "Other" }).first().waitFor();
        for (const summary of await page.locator(".bm-chart-table summary").all()) await summary.click();
        await page.getByRole("slider", { name: "Spend: period" }).focus();
        await page.keyboard.press("ArrowLeft");
      },
    },
    {
      state: "usage with filters",
      path: "?ai-page=usage&ai-range=7d&ai-provider=groq&ai-agent=agent-1&ai-by=none",
      reach: drawn,
    },
    {
      state: "usage without a last day",
      path: "?ai-page=usage&ai-range=custom&ai-from=2026-11-01",
      reach: (page) => page.getByText("Choose the first and the last day").waitFor(),
    },
    {
      state: "usage without calls",
      path: "?ai-page=usage&ai-agent=nobody",
      reach: (page) => page.getByText("No calls in this time with these filters").waitFor(),
    },
    {
      state: "calls",
      full: true,
      path: "?ai-page=calls",
      reach: (page) => page.locator("[data-call]").nth(49).waitFor(),
    },
    {
      state: "calls, failed",
      path: "?ai-page=calls&ai-outcome=failed&ai-tenant=",
      reach: (page) => page.locator("[data-call]").nth(10).waitFor(),
    },
    {
      state: "calls, nothing found",
      path: "?ai-page=calls&ai-search=nothing-like-it",
      reach: (page) => page.getByText("No calls found").waitFor(),
    },
    {
      state: "a call that failed",
      full: true,
      path: "?ai-page=calls&ai-call=call-19",
      reach: (page) => page.locator("[data-attempt]").nth(1).waitFor(),
    },
    {
      state: "experiments",
      full: true,
      path: "?ai-page=experiments",
      reach: (page) => page.locator('[data-experiment="npc-model"]').waitFor(),
    },
    {
      state: "an experiment with a winner",
      full: true,
      path: "?ai-page=experiments&ai-experiment=npc-model",
      reach: (page) => page.getByText("There is a winner").waitFor(),
    },
    {
      state: "an experiment over time",
      full: true,
      path: "?ai-page=experiments&ai-experiment=npc-model",
      async reach(page) {
        await page.getByRole("button", { name: "Show the differences over time" }).click();
        await page.locator("[data-look]").first().waitFor();
      },
    },
    {
      state: "the second step of a new experiment, with a problem",
      full: true,
      path: "?ai-page=experiments",
      async reach(page) {
        await page.getByRole("button", { name: "New experiment" }).click();
        await page.getByLabel("Name").fill("lines");
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByLabel("Difference to be found").fill("");
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByText("A number above 0 and below 100.").waitFor();
      },
    },
    {
      state: "the first step of a new experiment, with an audience, suggestions and problems",
      full: true,
      path: "?ai-page=experiments",
      async reach(page) {
        await page.getByRole("button", { name: "New experiment" }).click();
        await page.getByRole("textbox", { name: "Agents" }).fill("npc-1, npc-2");
        await page.getByRole("list", { name: "Suggestions: purposes" }).waitFor();
        await page.getByRole("button", { name: "Part of a layer" }).click();
        await page.getByLabel("Layer", { exact: true }).fill("a layer");
        await page.getByLabel("Range from").fill("0.5");
        await page.getByLabel("Range to").fill("0.2");
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByText("A range begins before its end.").waitFor();
      },
    },
    {
      state: "the last step of an experiment that is edited",
      full: true,
      path: "?ai-page=experiments&ai-experiment=npc-model",
      async reach(page) {
        await page.getByRole("button", { name: "Edit" }).click();
        await page.getByRole("textbox", { name: "Tenants" }).fill("acme");
        await page.getByLabel("Share of the new arm").fill("20");
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByText("Audience: tenants acme.").waitFor();
      },
    },
    {
      state: "a call that is not there",
      path: "?ai-page=calls&ai-call=no",
      reach: (page) => page.getByText("no such call").waitFor(),
    },
  ];

  describe.each(LOOKS)("axe finds nothing: $look", ({ look, ...options }) => {
    // Each state in two looks, and the full pages in all of them.
    test.each(STATES.filter(({ full }) => full === true || /^(light, 1440|dark, 390)/.test(look)))(
      "$state",
      async ({ path, state, reach }) => {
        const page = await open(path, options);
        await reach(page);
        expect(await findingsOn(page)).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, "the page is wider than its window").toBeLessThanOrEqual(0);
        // The browser reports the status of the request.
        if (state === "a call that is not there") errors.length = 0;
      },
    );
  });

  test("filters, time and groups are in the URL; back and reload bring them back; parameters of the host stay", async () => {
    const page = await open("?host=1&ai-page=usage");
    await drawn(page);
    await page.getByText("30 days").click();
    await page.getByLabel("Group by").selectOption("Agent");
    await page.getByLabel("Filter by").selectOption("Tenant");
    await page.getByLabel("Name of the tenant").fill("acme");
    await page.getByRole("button", { name: "Add filter" }).click();
    await page.getByRole("button", { name: "Remove the filter Tenant: acme" }).waitFor();
    expect(new URL(page.url()).search).toBe("?host=1&ai-page=usage&ai-range=30d&ai-by=agent&ai-tenant=acme");
    const expected = String(Array.from({ length: CALLS }, (__, at) => at).filter((at) => at % 3 === 0).length);
    await expect.poll(async () => (await tile(page, "Calls"))?.replace(",", "")).toBe(expected);

    await page.getByRole("link", { name: "Calls" }).click();
    await page.locator("[data-call]").first().waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Usage" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Remove the filter Tenant: acme" }).click();
    await expect.poll(async () => (await tile(page, "Calls"))?.replace(",", "")).toBe(String(CALLS));
  });

  test("a chart has at most 300 points, 8 groups and the others, and its table has its numbers", async () => {
    const page = await open("?ai-page=usage&ai-range=30d&ai-by=agent");
    await drawn(page);
    const calls = page.locator('[data-chart="calls"]');
    await expect.poll(() => calls.locator(".bm-legend li").count()).toBe(9);
    expect(await calls.locator(".bm-legend-name").last().textContent()).toBe("Other");
    for (const range of ["24h", "7d", "30d", "90d", "12mo"]) {
      await page.goto(`http://tab.test/?ai-page=usage&ai-range=${range}&ai-by=agent`);
      await drawn(page);
      const points = await page.getByRole("slider", { name: "Spend: period" }).getAttribute("max");
      expect(Number(points) + 1).toBeLessThanOrEqual(300);
    }
    await page.goto("http://tab.test/?ai-page=usage&ai-range=30d&ai-by=outcome");
    await drawn(page);
    await calls.locator("summary").click();
    const cells = await calls.locator("tbody td").allTextContents();
    expect(cells.reduce((sum, cell) => sum + Number(cell.replace(",", "")), 0)).toBe(CALLS);
  });

  test("unknown costs are a number of their own", async () => {
    const page = await open("?ai-page=usage&ai-range=30d");
    await drawn(page);
    const records = Array.from({ length: CALLS }, (_, at) => sampleRecord(at, startOf(at), ""));
    const unknown = records.flatMap(({ attempts }) => attempts).filter(({ cost }) => cost?.nanoUsd === null).length;
    expect((await tile(page, "Unknown cost"))?.replace(",", "")).toBe(String(unknown));
    expect(await page.locator('[data-chart="spend"] .bm-chart-note').textContent()).toContain(
      unknown.toLocaleString("en"),
    );
  });

  test("a chart is read by keyboard", async () => {
    const page = await open("?ai-page=usage&ai-range=30d&ai-by=none");
    await drawn(page);
    const slider = page.getByRole("slider", { name: "Calls: period", exact: true });
    await slider.focus();
    const last = await slider.getAttribute("aria-valuetext");
    await page.keyboard.press("ArrowLeft");
    const before = await slider.getAttribute("aria-valuetext");
    expect(before).not.toBe(last);
    expect(before).toMatch(/^.+: Successful \d+, Failed \d+, Canceled 0$/);
    const [day] = before?.split(":") ?? [];
    expect(await page.locator('[data-chart="calls"] .bm-chart-head').textContent()).toContain(day);
    await page.keyboard.press("Home");
    expect(await slider.getAttribute("aria-valuenow").then((value) => value ?? slider.inputValue())).toBe("0");
  });

  test("the CSV is that of the server", async () => {
    const page = await open("?ai-page=usage&ai-range=30d&ai-by=model");
    await drawn(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("usage.csv");
    const csv = replies.findLast((text) => text.startsWith("period_start,")) ?? "";
    const [header = "", ...lines] = csv.trim().split("\r\n");
    const at = header.split(",").indexOf("calls");
    expect(header.startsWith("period_start,model,calls,")).toBe(true);
    expect(lines.reduce((sum, line) => sum + Number(line.split(",")[at]), 0)).toBe(CALLS);
  });

  test("new calls appear while the log is live; older ones come page by page", async () => {
    const page = await open("?ai-page=calls");
    await page.locator('[data-call="call-0"]').waitFor();
    void store.recorder({ ...sampleRecord(0, Date.now(), CANARY), callId: "call-live" });
    await store.flush();
    await page.locator('[data-call="call-live"]').waitFor();
    expect(await page.locator("[data-call]").first().getAttribute("data-call")).toBe("call-live");
    await page.getByRole("button", { name: "Older calls" }).click();
    await expect.poll(() => page.locator("[data-call]").count()).toBe(100);
    expect(await page.getByRole("switch", { name: /^Live/ }).getAttribute("aria-checked")).toBe("false");
    await store.erase({ callId: "call-live" });
  });

  test("a search by id opens the call, with its attempts in order", async () => {
    const page = await open("?ai-page=calls");
    await page.getByRole("searchbox", { name: "Search calls" }).fill("call-1999");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("[data-call]").count()).toBe(1);
    await page.locator('[data-call="call-1999"] a').click();
    await page.getByRole("heading", { name: "Call", exact: true }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    const attempts = page.locator("[data-attempt]");
    await attempts.nth(1).waitFor();
    expect(await attempts.nth(0).textContent()).toMatch(
      /Weights & Biases.*Failed.*server, HTTP 503.*Tokens\s*unknown\s*Cost.*req_wandb_1/s,
    );
    expect(await attempts.nth(1).textContent()).toMatch(/Fallback.*Started after 400 ms, took 400 ms.*req_openai_2/s);
    await page.getByRole("link", { name: "All calls" }).click();
    await page.locator('[data-call="call-1999"]').waitFor();
    expect(new URL(page.url()).search).toBe("?ai-page=calls&ai-search=call-1999");
  });

  test.each([[undefined], [["read"]]] as const)("no content in any reply without the permission: %j", async (given) => {
    permissions = given;
    const page = await open("?ai-page=calls&ai-call=call-0");
    await page.getByText("You need the permission “content”").waitFor();
    await page.getByRole("link", { name: "All calls" }).click();
    await page.locator("[data-call]").first().waitFor();
    await page.getByRole("link", { name: "Usage" }).click();
    await drawn(page);
    expect(replies.length).toBeGreaterThan(5);
    expect(replies.filter((text) => text.includes(CANARY))).toEqual([]);
  });

  test("with the permission content is requested by the button alone", async () => {
    permissions = ["read", "content"];
    const page = await open("?ai-page=calls&ai-call=call-0");
    const show = page.getByRole("button", { name: "Show prompts and answer" });
    await show.waitFor();
    expect(replies.filter((text) => text.includes(CANARY))).toEqual([]);
    await show.click();
    await page.getByText(`${CANARY} of the answer`).waitFor();
    expect(await findingsOn(page)).toEqual([]);
  });

  test("an experiment is made in three steps, paused, and its winner promoted by one change that can be undone", async () => {
    const version = (await settings.get()).version ?? 0;
    const page = await open("?ai-page=experiments");
    await page.getByRole("button", { name: "New experiment" }).click();
    await page.getByLabel("Name").fill("sessions");
    await page.getByLabel("Units").selectOption({ label: "Sessions: each session keeps its arm" });
    await page.getByLabel("Provider of the new arm").selectOption("claude");
    await page.getByLabel("Share of the new arm").fill("20");
    await page.getByRole("textbox", { name: "Purposes" }).fill("chat, ");
    await page.getByRole("list", { name: "Suggestions: tenants" }).getByRole("button").first().click();
    const tenant = await page.getByRole("textbox", { name: "Tenants" }).inputValue();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("Calls of one session").fill("4");
    await page.getByText(/^Takes [\d,]+ units: /).waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("20 % of the sessions get claude first").waitFor();
    await page.getByRole("button", { name: "Save as draft" }).click();
    await page.getByRole("heading", { name: "Experiment sessions" }).waitFor();
    const made = (await settings.get()).value.experiments?.sessions;
    expect(made).toMatchObject({
      state: "draft",
      unit: "session",
      arms: [{ weight: 8_000 }, { weight: 2_000, provider: "claude" }],
      audience: { purposes: ["chat"], tenants: [tenant] },
    });
    await page.getByText(`Audience: purposes chat; tenants ${tenant}.`).waitFor();

    await page.goto("http://tab.test/?ai-page=experiments&ai-experiment=npc-model");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Start again" }).waitFor();
    await page.getByRole("button", { name: "Promote tuned" }).click();
    await page.getByText("Stopped").waitFor();
    const { value, updatedBy } = await settings.get();
    expect(updatedBy).toBe("ana");
    expect(value).toMatchObject({
      order: ["groq"],
      providers: { groq: { model: "acme/tuned" } },
      experiments: { "npc-model": { state: "stopped", winner: "tuned" } },
    });
    await settings.rollback(version);
  });

  test("a new experiment that is being filled in survives a reload and another page, until it is discarded", async () => {
    const page = await open("?ai-page=experiments");
    await page.getByRole("button", { name: "New experiment" }).click();
    await page.getByLabel("Name").fill("kept");
    await page.getByLabel("Share of the new arm").fill("30");
    await page.getByRole("textbox", { name: "Agents" }).fill("npc-1\nnpc-2");
    expect(await page.getByLabel("Layer", { exact: true }).isVisible()).toBe(false);
    await page.getByRole("button", { name: "Part of a layer" }).click();
    await page.getByLabel("Layer", { exact: true }).fill("models");
    await page.getByLabel("Range from").fill("0");
    await page.getByLabel("Range to").fill("0.5");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("Calls of one agent").fill("7");
    await page.reload();
    await page.getByRole("heading", { name: "New experiment, step 2 of 3" }).waitFor();
    expect(await page.getByLabel("Calls of one agent").inputValue()).toBe("7");
    await page.getByRole("link", { name: "Usage" }).click();
    await drawn(page);
    await page.getByRole("link", { name: "Experiments" }).click();
    await page.getByRole("button", { name: "Back" }).click();
    expect(await page.getByLabel("Name").inputValue()).toBe("kept");
    expect(await page.getByLabel("Share of the new arm").inputValue()).toBe("30");
    expect(await page.getByRole("textbox", { name: "Agents" }).inputValue()).toBe("npc-1\nnpc-2");
    expect(await page.getByLabel("Layer", { exact: true }).inputValue()).toBe("models");
    expect(await page.getByLabel("Range to").inputValue()).toBe("0.5");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.reload();
    await page.locator('[data-experiment="npc-model"]').waitFor();
    expect(await page.getByRole("heading", { name: /^New experiment/ }).count()).toBe(0);
    await page.getByRole("button", { name: "New experiment" }).click();
    expect(await page.getByLabel("Name").inputValue()).toBe("");
  });

  test("the winner for some purposes is promoted in one click, as a rollout that says what it is", async () => {
    const { version } = await settings.get();
    await settings.update({ experiments: { "npc-model": { audience: { purposes: ["chat"] } } } });
    const page = await open("?ai-page=experiments&ai-experiment=npc-model");
    await page.getByRole("button", { name: "Promote tuned" }).click();
    await page.getByText("Stopped").waitFor();
    const { value } = await settings.get();
    expect([value.order, value.experiments?.["npc-model-rollout"]?.audience]).toEqual([null, { purposes: ["chat"] }]);
    await page.getByRole("button", { name: "All experiments" }).click();
    await page.getByRole("link", { name: "npc-model-rollout" }).click();
    await page.getByText(/"tuned" is the only arm/).waitFor();
    expect(await findingsOn(page)).toEqual([]);
    await settings.rollback(version ?? 0);
  });

  test("an experiment is edited: the audience that the command line has stored is shown and kept, over a reload, too", async () => {
    const { version } = await settings.get();
    const guardrails = [{ metric: "costUsd", worseBy: 0.001 }];
    const stored = { agents: ["the mayor, his wife", "npc-1"], layer: "models", layerRange: [0, 0.5] as const };
    await settings.update({
      experiments: { "npc-model": { state: "stopped" }, kept: { ...EXPERIMENT, guardrails, audience: stored } },
    });
    const page = await open("?ai-page=experiments");
    const row = page.locator('[data-experiment="kept"]');
    await row.getByText("agents the mayor, his wife, npc-1; layer models, 0 to 0.5").waitFor();
    await row.getByRole("link").click();
    await page.getByRole("button", { name: "Edit" }).click();
    expect(await page.getByRole("textbox", { name: "Agents" }).inputValue()).toBe('"the mayor, his wife"\nnpc-1');
    await page.getByRole("textbox", { name: "Purposes" }).fill("chat");
    await page.reload();
    await page.getByRole("heading", { name: "Edit kept, step 1 of 3" }).waitFor();
    expect(await page.getByRole("textbox", { name: "Purposes" }).inputValue()).toBe("chat");
    expect(await page.getByLabel("Range to").inputValue()).toBe("0.5");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    // The form has the audience in its last step, too.
    await page.getByRole("button", { name: "Edit" }).waitFor();
    await page
      .getByText("Audience: agents the mayor, his wife, npc-1; purposes chat; layer models, 0 to 0.5.")
      .waitFor();
    const audience = { ...stored, purposes: ["chat"] };
    expect((await settings.get()).value.experiments?.kept).toEqual({ ...EXPERIMENT, guardrails, audience });
    expect((await settings.history())[0]).toMatchObject({ by: "ana", reason: "edit experiment kept" });

    // Somebody else changes it while the form is open.
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("textbox", { name: "Purposes" }).fill("");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Next" }).click();
    await settings.update({ experiments: { kept: { audience: { tenants: ["acme"] } } } });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("kept was changed since this form was opened").waitFor();
    expect((await settings.get()).value.experiments?.kept?.audience).toEqual({ ...audience, tenants: ["acme"] });
    await page.getByRole("button", { name: "Discard" }).click();
    await settings.rollback(version ?? 0);
  });

  test("what the server refuses of an audience is shown at its field", async () => {
    const page = await open("?ai-page=experiments");
    await page.route("**/models", (route) =>
      route.request().method() === "PUT"
        ? route.fulfill({
            status: 400,
            json: {
              success: false,
              error: "patch.experiments.x.audience.tenants: unknown field",
              code: "invalid_body",
              issues: [{ path: "patch.experiments.x.audience.tenants", message: "unknown field" }],
            },
          })
        : route.fallback(),
    );
    await page.getByRole("button", { name: "New experiment" }).click();
    await page.getByLabel("Name").fill("x");
    await page.getByRole("textbox", { name: "Tenants" }).fill("acme");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Save as draft" }).click();
    await page.getByRole("heading", { name: "New experiment, step 1 of 3" }).waitFor();
    expect(await page.getByRole("textbox", { name: "Tenants" }).getAttribute("aria-invalid")).toBe("true");
    await page.getByText("Unknown field.", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Discard" }).click();
    errors.length = 0;
  });

  test("a visitor who may only read sees the report and changes nothing", async () => {
    permissions = ["read"];
    const page = await open("?ai-page=experiments&ai-experiment=npc-model");
    await page.getByText("There is a winner").waitFor();
    expect(await page.getByRole("button", { name: "Promote tuned" }).getAttribute("aria-disabled")).toBe("true");
  });

  test("a failure of the records is said, and the page goes on", async () => {
    const page = await open("?ai-page=usage");
    await drawn(page);
    await page.route("**/models/usage**", (route) =>
      route.fulfill({
        status: 503,
        json: { success: false, error: "the records cannot be reached", code: "records_unavailable" },
      }),
    );
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("The usage could not be read: the records cannot be reached.").waitFor();
    expect(await tile(page, "Calls")).not.toBeNull();
    errors.length = 0;
  });
});
