import { existsSync } from "node:fs";
import { type Authorize, type Authorized, createAdminHandler } from "@babylon/admin-api";
import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { createSettingsStore, type SettingsStore } from "@babylon/settings-store";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findingsOn, LOOKS, WIDE } from "./test-support/axe-looks.ts";
import { CONTENT, emptyTuning, modelOf, type SampleTuning, sampleTuning } from "./test-support/sample-tuning.ts";
import { bundleTab, CHROMIUM, serveTab } from "./test-support/serve-tab.ts";

const missing = !existsSync(CHROMIUM);
if (missing && process.env.CI === "true") throw new Error(`no Chromium at ${CHROMIUM}`);
if (missing) console.warn(`no Chromium at ${CHROMIUM}: the page for tuning is not tried`);

const PAGE = "?ai-page=tuning";
const jobPath = (id: string) => `${PAGE}&ai-tuning=job:${id}`;

describe.skipIf(missing)("the page for tuning, in a browser", () => {
  let settings: SettingsStore;
  let browser: Browser;
  let script: string;
  let sample: SampleTuning;
  let permissions: Authorized["permissions"];
  let handler: (request: Request) => Promise<Response>;
  const replies: string[] = [];
  const errors: (readonly string[])[] = [];
  const authorize: Authorize = () => ({ actor: "ana", permissions });

  const providers = ["wandb", "groq"].map((id) =>
    mockProvider({ id, name: id === "wandb" ? "Weights & Biases" : "Groq" }),
  );
  const parts = () => ({ settings, llm: createLLMClient({ providers, settings }), now: Date.now() });
  function serve(next: SampleTuning): void {
    sample = next;
    const { llm } = parts();
    handler = createAdminHandler({ llm, settings, tuning: next.tuning, basePath: "/models", authorize });
  }

  beforeAll(async () => {
    settings = await createSettingsStore({ url: "memory://" });
    script = await bundleTab("react", "react-dom");
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    await settings?.close();
  });
  beforeEach(async () => {
    permissions = undefined;
    await settings.update({ providers: null, agents: null, tuned: null, experiments: null }, { actor: "test" });
    serve(await sampleTuning(parts()));
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await sample.journal.close();
    replies.length = 0;
    expect(errors.splice(0).flat()).toEqual([]);
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
    errors.push(await serveTab(page, { script, handler, onReply: (text) => replies.push(text) }));
    await page.goto(`http://tab.test/${path}`);
    return page;
  }
  const button = (page: Page, name: string | RegExp) =>
    page.getByRole("button", { name, exact: typeof name === "string" });
  const chart = (page: Page) => page.locator('[data-chart="loss"] path').first();
  const showExamples = async (page: Page) => {
    await button(page, "Show 7 examples").click();
    await page.locator("[data-example]").first().waitFor();
  };

  const STATES: readonly {
    readonly state: string;
    readonly path?: string;
    readonly full?: boolean;
    prepare?(): void | Promise<void>;
    reach(page: Page): Promise<unknown>;
  }[] = [
    {
      state: "lists",
      full: true,
      reach: (page) => page.locator("[data-job]").nth(4).waitFor(),
    },
    {
      state: "a running training, with a step in focus and an open table",
      path: jobPath("ee55"),
      full: true,
      async reach(page) {
        await chart(page).waitFor({ state: "attached" });
        await page.locator(".bm-chart-table summary").click();
        await page.getByRole("slider", { name: "Loss: step" }).focus();
        await page.keyboard.press("ArrowLeft");
      },
    },
    {
      state: "a training that has ended",
      path: jobPath("cc33"),
      full: true,
      reach: (page) => page.locator('[data-checkpoint="480"]').waitFor(),
    },
    {
      state: "a start that is not known",
      path: jobPath("dd44"),
      full: true,
      async reach(page) {
        await button(page, "Go on with this training").click();
        await page.getByText("Enter the id.").waitFor();
      },
    },
    {
      state: "a training that failed",
      path: jobPath("bb22"),
      reach: (page) => page.getByText("out of memory at step 12").waitFor(),
    },
    {
      state: "a dataset",
      path: `${PAGE}&ai-tuning=dataset:${"3f9a".repeat(16)}`,
      full: true,
      reach: (page) => page.locator('[data-reason="duplicate"]').waitFor(),
    },
    {
      state: "an evaluation with examples",
      path: `${PAGE}&ai-tuning=evaluation:e2`,
      full: true,
      prepare: () => {
        permissions = ["read", "write", "content"];
      },
      reach: showExamples,
    },
    {
      state: "a promotion without a reason",
      path: `${PAGE}&ai-tuning=evaluation:e1`,
      full: true,
      async reach(page) {
        await button(page, "Promote…").click();
        await button(page, "Promote").click();
        await page.getByText(/^Needed without an evaluation/).waitFor();
      },
    },
    {
      state: "a rollback",
      full: true,
      async reach(page) {
        await button(page, "Roll back guard…").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      state: "nothing yet",
      full: true,
      prepare: async () => {
        await sample.journal.close();
        await settings.update({ tuned: null, experiments: null });
        serve(emptyTuning(parts()));
      },
      reach: (page) => page.getByText("babylon-llm tune dataset").waitFor(),
    },
    {
      state: "read-only",
      prepare: () => {
        permissions = ["read"];
      },
      reach: (page) => page.getByText("Read-only.").waitFor(),
    },
    {
      state: "a training that is not there",
      path: jobPath("none"),
      reach: (page) => page.getByText("The training could not be read: the journal has no such job.").waitFor(),
    },
  ];

  describe.each(LOOKS)("axe finds nothing: $look", ({ look, ...options }) => {
    // Each state in two looks, and the full pages in all of them.
    test.each(STATES.filter(({ full }) => full === true || /^(light, 1440|dark, 390)/.test(look)))(
      "$state",
      async ({ path, state, prepare, reach }) => {
        await prepare?.();
        const page = await open(path, options);
        await reach(page);
        expect(await findingsOn(page)).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, "the page is wider than its window").toBeLessThanOrEqual(0);
        // The browser reports the status of the request.
        if (state === "a training that is not there") errors.length = 0;
      },
    );
  });

  test("a training is live: its loss, its progress and the time left follow the events, each read once", async () => {
    const page = await open(jobPath("ee55"));
    await chart(page).waitFor({ state: "attached" });
    const bar = page.getByRole("progressbar", { name: "Training of npc" });
    await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("120");
    const slider = page.getByRole("slider", { name: "Loss: step" });
    await expect.poll(() => slider.getAttribute("max")).toBe("119");
    const event = { type: "step", at: Date.now(), step: 121, of: 320, loss: 0.123, timeLeftMs: 65_000 } as const;
    await sample.journal.advance("ee55", ["running"], { step: 121 }, event);
    await expect.poll(() => bar.getAttribute("aria-valuenow"), { timeout: 15_000 }).toBe("121");
    await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe("Step 121: Training loss 0.123");
    await expect
      .poll(() => page.locator("[data-progress]").textContent())
      .toMatch(/^step 121 of 320, loss 0.123, about 6\d s left$/);
    await expect.poll(() => replies.some((text) => text.includes('"events":[]')), { timeout: 15_000 }).toBe(true);
    expect(replies.filter((text) => text.includes('"events":[{"number":1,')).length).toBe(1);

    const checkpoints = [{ step: 121, metrics: {}, model: modelOf("npc", "ee55", 121) }];
    await sample.journal.advance(
      "ee55",
      ["running"],
      { state: "ended", checkpoints },
      { type: "ended", at: Date.now() },
    );
    await page.locator('[data-checkpoint="121"]').waitFor();
    await expect.poll(() => bar.count()).toBe(0);
  });

  test("the loss is read by keyboard and in a table; many steps are drawn as means", async () => {
    const page = await open(jobPath("cc33"));
    await chart(page).waitFor({ state: "attached" });
    const slider = page.getByRole("slider", { name: "Loss: step" });
    await expect.poll(() => slider.getAttribute("max")).toBe("239");
    await slider.focus();
    await page.keyboard.press("Home");
    await expect.poll(() => slider.getAttribute("aria-valuetext")).toMatch(/^Steps 1 to 2: Training loss \d\.\d+$/);
    await page.getByText("Each point is the mean of 2 steps.").waitFor();
    await page.locator(".bm-chart-table summary").click();
    await expect.poll(() => page.locator(".bm-chart-table tbody tr").count()).toBe(240);
  });

  test("a model is promoted from its evaluation and rolled back, as changes of the settings", async () => {
    const page = await open();
    await page.locator('[data-evaluation="e2"] a').click();
    await page.getByText("Better.", { exact: true }).waitFor();
    await button(page, "Promote…").click();
    const dialog = page.getByRole("dialog", { name: "Promote npc?" });
    expect(await dialog.locator("tbody tr").allTextContents()).toEqual([
      expect.stringContaining(modelOf("npc", "cc33", 480)),
    ]);
    await button(page, "Promote").click();
    await page.getByText(/^npc was promoted, as version \d+\.$/).waitFor();
    const promoted = await settings.get({ fresh: true });
    expect(promoted.updatedBy).toBe("ana");
    expect(promoted.value.providers.wandb?.model).toBe(modelOf("npc", "cc33", 480));
    expect(promoted.value.tuned?.npc).toMatchObject({ evaluatedAt: expect.any(String) });

    await page.getByRole("link", { name: "All of tuning" }).click();
    await button(page, "Roll back npc…").click();
    await page.getByLabel("Reason").fill("players complain");
    await button(page, "Roll back").click();
    await page.getByText(/^npc was rolled back, as version \d+\.$/).waitFor();
    expect((await settings.get({ fresh: true })).value.providers).toEqual({});
    expect((await settings.history({ limit: 1 }))[0]?.reason).toBe("players complain");
  });

  test("a change of somebody else meanwhile is not overwritten", async () => {
    const page = await open(`${PAGE}&ai-tuning=evaluation:e2`);
    await page.route("**/models", async (route) => {
      const reply = await handler(new Request("http://tab.test/models"));
      const text = await reply.text();
      // As it was before the change.
      await route.fulfill({
        status: 200,
        contentType: "application/json",
        body: text.replace(/"version":\d+/, '"version":1'),
      });
    });
    await button(page, "Promote…").click();
    await page.reload();
    await button(page, "Promote…").click();
    await button(page, "Promote").click();
    await page.getByText(/^Not promoted: the settings were changed by /).waitFor();
    expect((await settings.get({ fresh: true })).value.providers).toEqual({});
    errors.length = 0;
  });

  test("a lost start is decided: it did start, under this id", async () => {
    const page = await open(jobPath("dd44"));
    await page.getByLabel("Its id at Weights & Biases").fill("sft-77");
    await button(page, "Go on with this training").click();
    await page.getByText("Training", { exact: true }).first().waitFor();
    await expect.poll(async () => (await sample.journal.job("dd44"))?.jobId).toBe("sft-77");
    expect(sample.started).toEqual([]);
  });

  test("a lost start is decided: it did not start, and is started once", async () => {
    const page = await open(jobPath("dd44"));
    const start = button(page, "Start it now");
    await expect.poll(() => start.getAttribute("aria-disabled")).toBe("true");
    await page.getByLabel("Weights & Biases has no training of this model").check();
    await start.click();
    await page.getByRole("progressbar").waitFor();
    expect(sample.started).toEqual(["npc-dd44"]);
  });

  test.each([[undefined], [["read"]]] as const)("no content in any reply without the permission: %j", async (given) => {
    permissions = given;
    const page = await open(`${PAGE}&ai-tuning=evaluation:e2`);
    await page.getByText("7 examples are stored. You need the permission “content”").waitFor();
    await page.getByRole("link", { name: "All of tuning" }).click();
    await page.locator("[data-job]").first().waitFor();
    expect(replies.length).toBeGreaterThan(2);
    expect(replies.filter((text) => text.includes(CONTENT))).toEqual([]);
  });

  test("with the permission examples are requested by the button alone, and filtered", async () => {
    permissions = ["read", "content"];
    const page = await open(`${PAGE}&ai-tuning=evaluation:e2`);
    await button(page, "Show 7 examples").waitFor();
    expect(replies.filter((text) => text.includes(CONTENT))).toEqual([]);
    await showExamples(page);
    await expect.poll(() => page.locator("[data-example]").count()).toBe(7);
    await page.getByLabel("Show").selectOption("baseline better (2)");
    expect(await page.locator("[data-example] h3").allTextContents()).toEqual([
      "Example 3: baseline better",
      "Example 6: baseline better",
    ]);
    await page.locator('[data-example="3"]').getByText("The call failed.").waitFor();
  });

  test("a visitor who may only read changes nothing", async () => {
    permissions = ["read"];
    const page = await open(jobPath("cc33"));
    for (const name of ["Promote step 480…", "Promote step 240…"]) {
      await expect.poll(() => button(page, name).getAttribute("aria-disabled")).toBe("true");
    }
  });

  test("a journal that is away is said, and the page goes on", async () => {
    const page = await open();
    await page.locator("[data-job]").first().waitFor();
    await page.route("**/models/tuning**", (route) =>
      route.fulfill({
        status: 503,
        json: { success: false, error: "the journal of the trainings cannot be reached", code: "tuning_unavailable" },
      }),
    );
    await button(page, "Refresh").click();
    await page.getByText("The trainings could not be read: the journal of the trainings cannot be reached.").waitFor();
    await expect.poll(() => page.locator("[data-job]").count()).toBe(5);
    errors.length = 0;
  });
});
