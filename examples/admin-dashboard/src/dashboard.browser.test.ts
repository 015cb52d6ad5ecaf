import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "./test-support/open-browser.ts";
import { startDashboardProcess, startWorkerProcess, TOKEN } from "./test-support/start-process.ts";
import { setStage, type TestPage } from "./test-support/with-page.ts";

const chromium = findChromium();
const API = "/api/admin/ai-models";

describe.skipIf(chromium === undefined)("the admin page in a browser", () => {
  let stage: TestPage;
  const open: Page[] = [];

  beforeAll(async () => {
    stage = await setStage(chromium ?? "");
  });
  afterAll(async () => {
    await stage?.close();
  });
  afterEach(async () => {
    for (const page of open.splice(0)) await page.context().close();
    stage.simulator.clearFaults();
    await api("PUT", "", { patch: { order: null, providers: null, agents: null }, force: true });
  });

  async function openPage(options: Parameters<TestPage["open"]>[0] = {}): Promise<Page> {
    const page = await stage.open(options);
    open.push(page);
    return page;
  }
  async function api(method: string, below: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`${stage.dashboard.url}${API}${below}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return reply.json();
  }
  const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true }).click();
  const saved = (page: Page) => page.getByText(/^Saved as version \d+/).waitFor();
  const steps = (page: Page) => page.locator("[data-step] h3").allTextContents();

  test("a model is searched, tested and saved; the next call of another process uses it", async () => {
    const worker = await startWorkerProcess(stage.env);
    try {
      const page = await openPage();
      await page.getByRole("button", { name: /^Model of Weights & Biases/ }).click();
      await page.keyboard.type("8b instruct");
      await page.keyboard.press("Enter");
      await page.getByText("Weights & Biases: model meta-llama/Llama-3.1-8B-Instruct").waitFor();
      await page.getByRole("button", { name: "Test changes" }).click();
      await page.getByText("Weights & Biases answered").waitFor();
      expect((await worker.call()).model).toBe("meta-llama/Llama-3.3-70B-Instruct");
      await save(page);
      await saved(page);
      await expect.poll(async () => (await worker.call()).model).toBe("meta-llama/Llama-3.1-8B-Instruct");
    } finally {
      await worker.stop();
    }
  });

  test("an unlisted model id is accepted with a warning; a retired one is shown with its replacement", async () => {
    const page = await openPage();
    await page.getByRole("button", { name: /^Model of Groq/ }).click();
    await page.keyboard.type("my/own:v1");
    await page.getByRole("option", { name: /Use this id as it is/ }).click();
    await save(page);
    await page.getByText('groq: "my/own:v1" is not in its list of models').waitFor();

    await page.getByRole("button", { name: /^Model of Groq/ }).click();
    await page.keyboard.type("llama 3.3 70b versatile");
    await page.getByText("Retired 2026-08-16: use openai/gpt-oss-120b").waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Use openai/gpt-oss-120b" }).click();
    await page.getByText("Groq: model openai/gpt-oss-120b").waitFor();
  });

  test("Escape or a click outside closes the picker, and the focus returns", async () => {
    const page = await openPage();
    const button = page.getByRole("button", { name: /^Model of Claude/ });
    await button.click();
    expect(await page.getByRole("combobox").evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("listbox").count()).toBe(0);
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await button.click();
    await page.getByRole("heading", { name: "AI models" }).click();
    expect(await page.getByRole("listbox").count()).toBe(0);
    expect(await page.getByText("unsaved change").count()).toBe(0);
  });

  test("a provider can be disabled; the last one requires a confirmation", async () => {
    const page = await openPage();
    await page.getByRole("switch", { name: "Weights & Biases is switched on" }).click();
    await save(page);
    await saved(page);
    await page.getByText("Groq is serving").waitFor();
    await page.locator('[data-step="wandb"]').getByText("Switched off").waitFor();

    for (const name of ["Groq", "Claude", "OpenAI"]) {
      await page.getByRole("switch", { name: `${name} is switched on` }).click();
    }
    await save(page);
    await page.getByText("Not saved: no provider would be left to serve calls.").waitFor();
    await page.getByRole("button", { name: "Save anyway" }).click();
    await page.getByText("No provider can be called").waitFor();
  });

  test("the order is changed by keyboard, button and pointer, and the change is discarded", async () => {
    const page = await openPage();
    await page.getByRole("button", { name: "Drag OpenAI, or press the arrow keys to move it" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    expect(await steps(page)).toEqual(["Weights & Biases", "OpenAI", "Groq", "Claude"]);
    await page.getByRole("status").getByText("OpenAI is now number 2 of 4. Not saved yet.").waitFor();

    await page.getByRole("button", { name: "Move Weights & Biases later" }).click();
    expect(await steps(page)).toEqual(["OpenAI", "Weights & Biases", "Groq", "Claude"]);

    const from = await page.getByRole("button", { name: /^Drag Claude/ }).boundingBox();
    const to = await page.locator('[data-step="openai"]').boundingBox();
    if (from === null || to === null) throw new Error("the steps are not on the page");
    await page.mouse.move(from.x + 5, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width - 20, to.y + 20, { steps: 8 });
    await page.mouse.up();
    expect(await steps(page)).toEqual(["Claude", "OpenAI", "Weights & Biases", "Groq"]);

    await page.getByRole("button", { name: "Discard" }).click();
    expect(await steps(page)).toEqual(["Weights & Biases", "Groq", "Claude", "OpenAI"]);
  });

  test("a conflict of two browsers shows who changed what, and the user's own changes can be reapplied", async () => {
    const [ana, ben] = [await openPage(), await openPage()];
    await ana.getByRole("switch", { name: "OpenAI is switched on" }).click();
    await ben.getByRole("switch", { name: "Claude is switched on" }).click();
    await ben.getByRole("button", { name: "Move Groq earlier" }).click();
    await save(ben);
    await saved(ben);

    await save(ana);
    const dialog = ana.getByRole("dialog", { name: "Someone else saved first" });
    await dialog.getByText("Claude: switched off").waitFor();
    await dialog.getByText("OpenAI: switched off").waitFor();
    await dialog.getByRole("button", { name: "Reapply my changes" }).click();
    await ana.getByText("1 unsaved change").waitFor();
    await save(ana);
    await saved(ana);
    expect(await api("GET", "")).toMatchObject({
      data: {
        settings: { providers: { openai: { enabled: false }, claude: { enabled: false } } },
        activeProvider: "groq",
      },
    });
  });

  test("an agent's override is added, changed and removed", async () => {
    const page = await openPage();
    await page.getByRole("button", { name: "Add an override" }).click();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Enter the id of the agent.").waitFor();
    await page.getByRole("textbox", { name: "Agent" }).fill("reporter");
    await page.getByLabel("Provider", { exact: true }).selectOption("claude");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Agent reporter: Claude first").waitFor();
    await save(page);
    await saved(page);

    await page.getByRole("button", { name: "Edit the override of reporter" }).click();
    await page.getByText("Own models, same order").click();
    await page.getByRole("button", { name: /^The agent's model of Groq/ }).click();
    await page.keyboard.type("gpt-oss-20b");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Apply" }).click();
    await save(page);
    await page.getByText(/^Saved as version/).waitFor();
    await expect
      .poll(() => api("GET", ""))
      .toMatchObject({ data: { settings: { agents: { reporter: { models: { groq: "openai/gpt-oss-20b" } } } } } });

    await page.getByRole("button", { name: "Remove the override of reporter" }).click();
    await save(page);
    await page.getByText("Every agent uses the chain.").waitFor();
  });

  test("a failed test shows the provider's error message", async () => {
    stage.simulator.setFault("groq", { kind: "status", status: 401 });
    const page = await openPage();
    await page.getByRole("button", { name: "Test Groq" }).click();
    await page.getByText("Groq failed").waitFor();
    await page.getByText(/auth · HTTP 401/).waitFor();
    stage.simulator.setFault("groq", null);
    await page.getByRole("button", { name: "Test Groq" }).click();
    await page.getByText("Groq answered").waitFor();
    await page.locator('[data-step="groq"]').getByText("Ready").waitFor();
  });

  test("a wrong token and a server failure have different messages, and the token can be replaced", async () => {
    const page = await openPage({ token: "wrong-token-of-somebody" });
    await page.getByText("You are not signed in").waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Admin token").fill(TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Weights & Biases is serving").waitFor();
    expect(page.url()).not.toContain(TOKEN);
  });

  test("a cross-site page cannot write, even with the token", async () => {
    const page = await openPage();
    const target = `${stage.dashboard.url}${API}`;
    for (const headers of [
      { origin: "http://evil.test", "content-type": "application/json" },
      { origin: "http://evil.test", host: "evil.test", "content-type": "application/json" },
      { origin: stage.dashboard.url, "content-type": "application/x-www-form-urlencoded" },
    ]) {
      const reply = await page.context().request.put(target, {
        headers: { authorization: `Bearer ${TOKEN}`, ...headers },
        data: '{"wandbModel":"evil"}',
      });
      expect([403, 415]).toContain(reply.status());
    }
    expect(await api("GET", "")).toMatchObject({ data: { currentSettings: { wandbModel: null } } });
  });

  test("no script throws an error", () => {
    expect(stage.pageErrors).toEqual([]);
  });
});

describe.skipIf(chromium === undefined)("a server outage and its end", () => {
  test("the page keeps the last state and the unsaved input, and saving works again afterwards", async () => {
    const stage = await setStage(chromium ?? "");
    const { port } = new URL(stage.dashboard.url);
    let again: Awaited<ReturnType<typeof startDashboardProcess>> | null = null;
    try {
      const page = await stage.open();
      await page.getByRole("button", { name: "Move Groq earlier" }).click();
      await stage.dashboard.stop();
      await page.getByText("The server cannot be reached.").waitFor();
      expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
      again = await startDashboardProcess({ ...stage.env, PORT: port });
      await page.getByText("The server cannot be reached.").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("Groq is serving").waitFor();
    } finally {
      await again?.stop();
      await stage.close();
    }
  });
});

describe.skipIf(chromium === undefined)("without any key", () => {
  test("the providers are simulated, and faults can be set on the page", async () => {
    const stage = await setStage(chromium ?? "", {
      WANDB_API_KEY: "",
      GROQ_API_KEY: "",
      ANTHROPIC_API_KEY: "",
      OPENAI_API_KEY: "",
      DASHBOARD_TRAFFIC_MS: "100",
    });
    try {
      const page = await stage.open();
      await page.getByText("Weights & Biases is serving").waitFor();
      await page.getByRole("button", { name: "Break Weights & Biases" }).click();
      await page.getByText("Groq is serving").waitFor();
      expect(stage.simulator.requests).toHaveLength(0);
    } finally {
      await stage.close();
    }
  });

  test("a training is played on the simulator; its model is promoted and rolled back on the page", async () => {
    const stage = await setStage(chromium ?? "", {
      WANDB_API_KEY: "",
      GROQ_API_KEY: "",
      ANTHROPIC_API_KEY: "",
      OPENAI_API_KEY: "",
      DASHBOARD_TRAFFIC_MS: "0",
    });
    try {
      const page = await stage.open();
      await page.getByRole("link", { name: "Tuning" }).click();
      await page.locator("[data-evaluation]").getByText("Better").waitFor({ timeout: 60_000 });
      // The second training goes on.
      await page.getByRole("progressbar", { name: "Training of townsperson" }).waitFor();
      await page.locator("[data-evaluation] a").click();
      await page.getByRole("button", { name: "Show 24 examples" }).click();
      await expect.poll(() => page.locator("[data-example]").count()).toBe(24);
      await page.getByRole("button", { name: "Promote…" }).click();
      await page.getByRole("button", { name: "Promote", exact: true }).click();
      await page.getByText("townsperson was promoted, as version 1.").waitFor();
      await page.getByRole("link", { name: "All of tuning" }).click();
      await page.getByRole("button", { name: "Roll back townsperson…" }).click();
      await page.getByRole("button", { name: "Roll back", exact: true }).click();
      await page.getByText("townsperson was rolled back, as version 2.").waitFor();
      expect(stage.pageErrors).toEqual([]);
    } finally {
      await stage.close();
    }
  });

  test("without a simulator the page lists the variables to set and the URLs for keys", async () => {
    const stage = await setStage(chromium ?? "", {
      WANDB_API_KEY: "",
      GROQ_API_KEY: "",
      ANTHROPIC_API_KEY: "",
      OPENAI_API_KEY: "",
      DASHBOARD_SIMULATE: "0",
    });
    try {
      const page = await stage.open();
      await page.getByText("No provider has a key yet.").waitFor();
      const wandb = page.locator('[data-provider="wandb"]');
      expect(await wandb.textContent()).toContain("Set WANDB_API_KEY in the environment and restart.");
      expect(await wandb.getByRole("link").getAttribute("href")).toBe("https://wandb.ai/authorize");
      expect(await page.getByRole("link", { name: /Get a key/ }).count()).toBe(8);
    } finally {
      await stage.close();
    }
  });
});
