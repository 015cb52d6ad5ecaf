import { existsSync } from "node:fs";
import { type Authorize, type Authorized, createAdminHandler } from "@babylon/admin-api";
import type { BudgetRule } from "@babylon/admin-api/contract";
import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { openRecordStore, type RecordStore } from "@babylon/record-store";
import { createSettingsStore, type SettingsStore } from "@babylon/settings-store";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findingsOn, LOOKS, WIDE } from "./test-support/axe-looks.ts";
import {
  SAMPLE_RULES,
  type SampleBudget,
  sampleBudget,
  sampleWindows,
  unknownWindow,
} from "./test-support/sample-budgets.ts";
import { sampleRecord } from "./test-support/sample-records.ts";
import { bundleTab, CHROMIUM, serveTab } from "./test-support/serve-tab.ts";

const missing = !existsSync(CHROMIUM);
if (missing && process.env.CI === "true") throw new Error(`no Chromium at ${CHROMIUM}`);
if (missing) console.warn(`no Chromium at ${CHROMIUM}: the page for budgets is not tried`);

const CALLS = 300;
const PAGE = "?ai-page=budgets";

describe.skipIf(missing)("the page for budgets, in a browser", () => {
  let records: RecordStore;
  let settings: SettingsStore;
  let browser: Browser;
  let script: string;
  let budget: SampleBudget;
  let permissions: Authorized["permissions"];
  let handler: (request: Request) => Promise<Response>;
  const errors: (readonly string[])[] = [];
  const now = Date.now();
  const authorize: Authorize = () => ({ actor: "ana", permissions });

  beforeAll(async () => {
    records = await openRecordStore({ url: "sqlite://:memory:" });
    for (let at = 0; at < CALLS; at += 1) void records.recorder(sampleRecord(at, now - 60_000 - at * 100_000, ""));
    await records.flush();
    settings = await createSettingsStore({ url: "memory://" });
    script = await bundleTab("react", "react-dom");
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    await records?.close();
    await settings?.close();
  });
  beforeEach(async () => {
    permissions = undefined;
    budget = Object.assign(sampleBudget(), { windows: sampleWindows(now), rulesOfCode: SAMPLE_RULES });
    const providers = ["wandb", "groq"].map((id) =>
      mockProvider({ id, name: id === "wandb" ? "Weights & Biases" : id }),
    );
    const llm = createLLMClient({ providers, settings });
    handler = createAdminHandler({ llm, settings, records, budget, basePath: "/models", authorize });
    await settings.update({ budgets: null, order: null }, { actor: "test" });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const found = errors.splice(0).flat();
    expect(found).toEqual([]);
  });

  async function open(path = PAGE, options: BrowserContextOptions = { viewport: WIDE }): Promise<Page> {
    const context = await browser.newContext({
      reducedMotion: "reduce",
      timezoneId: "Europe/Berlin",
      locale: "en-GB",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    errors.push(await serveTab(page, { script, handler }));
    await page.goto(`http://tab.test/${path}`);
    return page;
  }
  const rule = (page: Page, id: string) => page.locator(`[data-rule="${id}"]`);
  const tenants = (page: Page) => rule(page, "tenants").locator("[data-window]");
  const button = (page: Page, name: string | RegExp) =>
    page.getByRole("button", { name, exact: typeof name === "string" });
  const bar = (page: Page) => page.getByRole("region", { name: "Unsaved changes" });
  const save = async (page: Page) => {
    await button(page, "Save").click();
    await page.getByText(/^Saved as version/).waitFor();
  };
  const stored = async (): Promise<readonly BudgetRule[] | undefined> =>
    (await settings.get({ fresh: true })).value.budgets;
  const setAway = () => {
    budget.away = { sinceEpochMs: now - 90_000, onOutage: "share", waiting: 3 };
    budget.windows = budget.windows.map(unknownWindow);
  };
  const openForm = async (page: Page) => {
    await button(page, "Add a budget").click();
    await page.getByText("Calls with …").click();
    await page.getByLabel("Starts anew").selectOption("Any span of …");
    await page.getByLabel("Span", { exact: true }).fill("40");
    await page.getByLabel("Unit of the span").selectOption("days");
    await page.getByLabel("Limit", { exact: true }).fill("-3");
    await button(page, "Add").click();
    await page.getByText("From 1 minute to 31 days.").waitFor();
  };

  const STATES: readonly {
    readonly state: string;
    readonly path?: string;
    readonly full?: boolean;
    prepare?(): void | Promise<void>;
    reach(page: Page): Promise<unknown>;
  }[] = [
    {
      state: "every level, with who spends",
      full: true,
      reach: (page) => page.getByText("Tenants", { exact: true }).first().waitFor(),
    },
    { state: "a form with mistakes", full: true, reach: openForm },
    {
      state: "an unsaved change of a rule of the code",
      full: true,
      async reach(page) {
        await button(page, "Pause: day").click();
        await button(page, "Edit: tenants").click();
        await page.getByText("This rule is in the code").waitFor();
        await bar(page).waitFor();
      },
    },
    {
      state: "a write-off",
      full: true,
      async reach(page) {
        await button(page, /^Write off…: tenants/)
          .first()
          .click();
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      state: "the list of write-offs",
      full: true,
      async prepare() {
        const [window] = budget.windows.filter(({ scope }) => scope.tenant === "acme");
        await budget.writeOff(window?.key ?? "", 250_000_000, { actor: "ada", reason: "not on the bill of November" });
      },
      reach: (page) => page.getByRole("heading", { name: "Write-offs" }).waitFor(),
    },
    {
      state: "an outage",
      full: true,
      prepare: setAway,
      reach: (page) => page.getByText("Unknown", { exact: true }).first().waitFor(),
    },
    {
      state: "no budgets",
      prepare: () => void Object.assign(budget, { windows: [], rulesOfCode: [] }),
      reach: (page) => page.getByText("There are no budgets.").waitFor(),
    },
    {
      state: "read-only",
      prepare: () => {
        permissions = ["read"];
      },
      reach: (page) => page.getByText("Read-only.").waitFor(),
    },
    {
      state: "the banner on another page",
      path: "?ai-page=calls",
      async reach(page) {
        await page.getByRole("heading", { name: "Calls" }).waitFor();
        await page.getByText(/^Budgets 2 over/).waitFor();
      },
    },
  ];

  describe.each(LOOKS)("axe finds nothing: $look", ({ look, ...options }) => {
    // Each state in two looks, and the full pages in all of them.
    test.each(STATES.filter(({ full }) => full === true || /^(light, 1440|dark, 390)/.test(look)))(
      "$state",
      async ({ path, prepare, reach }) => {
        await prepare?.();
        const page = await open(path, options);
        await reach(page);
        expect(await findingsOn(page)).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, "the page is wider than its window").toBeLessThanOrEqual(0);
      },
    );
  });

  test("the levels are words; amounts are plain; what is over comes first", async () => {
    const page = await open();
    await tenants(page).first().waitFor();
    expect(await tenants(page).locator(".bm-state").allTextContents()).toEqual([
      "Over the limit",
      "Near the limit",
      ...Array.from({ length: 3 }, () => "Within the limit"),
    ]);
    const facts = await tenants(page).first().locator(".bm-facts > div").allTextContents();
    expect(facts).toEqual([
      "Spent$97.25",
      "Presumed$4.50",
      "Held$0.25",
      "Over by$2.00",
      "Limit$100.00",
      "Expected at the end$180.00, above the limit",
    ]);
    expect(await tenants(page).first().getByRole("img").getAttribute("aria-label")).toBe("102 % of the limit is used");
    const ofAgent = rule(page, "agent-1");
    expect(await ofAgent.locator(".bm-facts > div").allTextContents()).toContain("Spent41,207 tokens");
    expect(await ofAgent.textContent()).toContain("Nothing is refused: it only warns.");
    await button(page, "Show 2 more of 7").click();
    await expect.poll(() => tenants(page).count()).toBe(7);
  });

  test("in an outage amounts are unknown, and the page says what happens", async () => {
    setAway();
    const page = await open();
    await page.getByText("Each process may use its share of what was left. 3 finished calls are counted").waitFor();
    const facts = rule(page, "day").locator(".bm-facts > div");
    await facts.first().waitFor();
    expect(await facts.allTextContents()).toEqual([
      "Spentunknown",
      "Presumedunknown",
      "Heldunknown",
      "Leftunknown",
      "Limit$10.00",
      "Expected at the endnot known yet",
    ]);
    expect(await page.getByRole("button", { name: /^Write off/ }).count()).toBe(0);
  });

  test("who spends is from the records, and is read for the windows that are opened", async () => {
    const page = await open();
    const day = rule(page, "day");
    await tenants(page).first().getByText("Agents").waitFor();
    expect(await day.locator(".bm-spenders").count()).toBe(0);
    await day.getByRole("button", { name: /who spends/i }).click();
    await day.locator(".bm-spenders li").first().waitFor();
    expect(await day.locator(".bm-spenders h5").allTextContents()).toEqual(["Agents", "Tenants"]);
    expect(await day.locator(".bm-spenders li").first().textContent()).toMatch(/^agent-\d+\$\d/);
    await day.getByRole("button", { name: /who spends/i }).click();
    await expect.poll(() => day.locator(".bm-spenders").count()).toBe(0);
  });

  test("the banner is on all pages, and leads to the budgets", async () => {
    const page = await open("");
    const banner = page.getByRole("region", { name: "State of the budgets" });
    expect(await banner.textContent()).toContain(
      "Budgets 2 over and 1 near their limits: “agent-1” (agent-1) at 106 %",
    );
    await banner.getByRole("link", { name: "Open budgets" }).click();
    await page.getByRole("heading", { name: "Budgets" }).waitFor();
    budget.windows = budget.windows.filter(({ level }) => level === "ok");
    await banner.waitFor({ state: "detached" });
  }, 20_000);

  test("a rule of the code is replaced by one of the settings, survives other pages and a reload, and is undone", async () => {
    const page = await open();
    await button(page, "Edit: day").click();
    const limit = page.getByLabel("Limit", { exact: true });
    expect(await limit.inputValue()).toBe("10");
    await limit.fill("12.50");
    await button(page, "Apply").click();
    await bar(page)
      .getByText("Budget day: $12.50 a day (Europe/Berlin) for all calls; refuses at the limit; near from 80 %")
      .waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Edit: day");
    await page.getByRole("link", { name: "Models" }).click();
    await bar(page).getByText("Budget day: $12.50").waitFor();
    await page.goBack();
    await page.reload();
    await rule(page, "day").getByText("Unsaved").waitFor();
    await rule(page, "day").getByText("Replaces the code’s rule").waitFor();
    await save(page);
    expect(await stored()).toEqual([
      { id: "day", scope: "all", per: "day", timeZone: "Europe/Berlin", limitUsd: 12.5 },
    ]);
    await button(page, "Undo").click();
    await rule(page, "day").getByText("In code").waitFor();
    await expect.poll(stored).toBeUndefined();
  });

  test("a budget is added by keyboard alone, with mistakes at their fields", async () => {
    const page = await open();
    await button(page, "Add a budget").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.getByText("Enter 1 to 64 letters").waitFor();
    const focused = page.locator("input:focus");
    await expect.poll(() => focused.getAttribute("aria-invalid")).toBe("true");
    await page.keyboard.type("groq-hour");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    // Tenant, agent, purpose, provider.
    for (let at = 0; at < 4; at += 1) await page.keyboard.press("Tab");
    await page.keyboard.type("groq");
    await page.getByLabel("Starts anew").selectOption("Each hour");
    await page.getByLabel("Unit of the limit").selectOption("tokens");
    await page.getByLabel("Limit", { exact: true }).fill("5000");
    await page.getByLabel("Near from").fill("62.5");
    await page.getByText("Only warn", { exact: true }).click();
    await page.keyboard.press("Enter");
    await rule(page, "groq-hour").getByText("It counts from when it is saved.").waitFor();
    await save(page);
    expect(await stored()).toEqual([
      { id: "groq-hour", scope: { provider: "groq" }, per: "hour", limitTokens: 5_000, warnAt: 0.625, atLimit: "warn" },
    ]);
    await button(page, "Remove: groq-hour").click();
    await rule(page, "groq-hour").waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-action"))).toBe("edit");
    await save(page);
    expect(await stored()).toEqual([]);
  });

  test("a paused rule is marked; resumed, and without its replacement, it is that of the code", async () => {
    const page = await open();
    const actions = rule(page, "day").locator(".bm-budget-actions");
    await actions.getByText("Pause").click();
    await rule(page, "day").getByText("Paused", { exact: true }).waitFor();
    await save(page);
    expect(await stored()).toMatchObject([{ id: "day", paused: true, limitUsd: 10 }]);
    await actions.getByText("Resume").click();
    await actions.getByText("Pause").waitFor();
    await actions.getByText("Use the code’s rule").click();
    await rule(page, "day").getByText("In code").waitFor();
    await save(page);
    // The message of the first save may still be there.
    await expect.poll(stored).toEqual([]);
  });

  test("after a conflict both changes are kept, rule by rule", async () => {
    await settings.update({ budgets: [{ id: "a", scope: "all", per: "day", limitUsd: 1 }] }, { actor: "test" });
    const page = await open();
    await button(page, "Edit: a").click();
    await page.getByLabel("Limit", { exact: true }).fill("2");
    await button(page, "Apply").click();
    await settings.update(
      {
        budgets: [
          { id: "a", scope: "all", per: "day", limitUsd: 1 },
          { id: "b", scope: "all", per: "week", limitUsd: 7 },
        ],
      },
      { actor: "ben" },
    );
    await button(page, "Save").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("What ben changed").waitFor();
    expect(await dialog.locator("li").allTextContents()).toEqual([
      "Budget b: $7.00 a week (UTC) for all calls; refuses at the limit; near from 80 %",
      "Budget a: $2.00 a day (UTC) for all calls; refuses at the limit; near from 80 %",
    ]);
    expect(await findingsOn(page)).toEqual([]);
    // The browser reports the status of the request.
    errors.length = 0;
    await dialog.getByRole("button", { name: "Reapply my changes" }).click();
    await save(page);
    expect((await stored())?.map(({ id, limitUsd }) => [id, limitUsd])).toEqual([
      ["a", 2],
      ["b", 7],
    ]);
  });

  test("a write-off is confirmed, for the amount that was shown or a part of it", async () => {
    const page = await open();
    const [key] = budget.windows.filter(({ scope }) => scope.tenant === "acme").map((window) => window.key);
    const writeOff = button(page, "Write off…: tenants, tenant acme");
    await writeOff.click();
    const dialog = page.getByRole("dialog");
    const field = dialog.getByLabel("US dollars");
    expect(await field.inputValue()).toBe("4.5");
    await field.fill("5");
    await dialog.getByRole("button", { name: "Write off" }).click();
    await dialog.getByText("Above 0 and at most $4.50.").waitFor();
    await field.fill("1.25");
    await dialog.getByLabel("Reason (optional)").fill("not on the bill");
    await dialog.getByRole("button", { name: "Write off" }).click();
    await page.getByText("$1.25 of “tenants” were written off.").waitFor();
    await writeOff.click();
    expect(await field.inputValue()).toBe("3.25");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(budget.writtenOff).toEqual([[key, 1_250_000_000]]);
    const rows = page.getByRole("region", { name: "Write-offs" }).getByRole("listitem");
    expect(await rows.count()).toBe(1);
    expect(await rows.first().textContent()).toMatch(
      /^\$1\.25 of tenants, tenant acme, window since .*: not on the bill$/,
    );
  });

  test("without the permission to write nothing can be changed", async () => {
    permissions = ["read"];
    const page = await open();
    await page.getByText("Read-only.").waitFor();
    for (const name of ["Add a budget", "Edit: day", "Write off…: tenants, tenant acme"]) {
      expect(await button(page, name).getAttribute("aria-disabled")).toBe("true");
    }
    await button(page, "Add a budget").click({ force: true });
    expect(await page.getByRole("form").count()).toBe(0);
  });
});
