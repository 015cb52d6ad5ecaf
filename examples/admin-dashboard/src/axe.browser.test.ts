import type { AdminData } from "@babylon/admin-api/contract";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "./test-support/open-browser.ts";
import { TOKEN } from "./test-support/start-process.ts";
import { setStage, type TestPage } from "./test-support/with-page.ts";

const chromium = findChromium();

const LOOKS = [
  { look: "light, wide", colorScheme: "light", viewport: { width: 1180, height: 900 } },
  { look: "dark, wide", colorScheme: "dark", viewport: { width: 1180, height: 900 } },
  { look: "light, on a phone", colorScheme: "light", viewport: { width: 360, height: 740 } },
  { look: "dark, on a phone", colorScheme: "dark", viewport: { width: 360, height: 740 } },
] as const;

interface State {
  readonly state: string;
  readonly token?: string | null;
  /** Brings the opened page into the state. */
  reach(page: Page, stage: TestPage): Promise<unknown>;
}

const send = (stage: TestPage, method: string, below: string, body?: unknown) =>
  fetch(`${stage.dashboard.url}/api/admin/ai-models${below}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const failWith = (page: Page, status: number) =>
  page.route("**/api/admin/**", (route) =>
    route.fulfill({
      status,
      contentType: "application/json",
      body: '{"success":false,"error":"something went wrong","code":"internal","id":"3f0c7d1e-5f0b-4a39-9d7f"}',
    }),
  );
const change = async (page: Page) => {
  await page.getByRole("button", { name: "Move Groq earlier" }).click();
  await page.getByRole("switch", { name: "OpenAI is switched on" }).click();
};

const STATES: readonly State[] = [
  { state: "at rest", reach: (page) => page.getByText("Weights & Biases is serving").waitFor() },
  { state: "signed out", token: null, reach: (page) => page.getByLabel("Admin token").waitFor() },
  {
    state: "not let in",
    token: "a-wrong-token-of-somebody",
    reach: (page) => page.getByText("You are not signed in").waitFor(),
  },
  {
    state: "loading",
    async reach(page) {
      await page.route("**/api/admin/**", () => {});
      await page.reload();
      await page.getByText("Loading the AI models").waitFor();
    },
  },
  {
    state: "in error",
    async reach(page) {
      await failWith(page, 500);
      await page.reload();
      await page.getByText("The models could not be loaded").waitFor();
    },
  },
  {
    state: "without the server from the start",
    async reach(page) {
      await page.route("**/api/**", (route) => route.abort());
      await page.reload();
      await page.getByText("The server cannot be reached").waitFor();
    },
  },
  {
    state: "without the server later on",
    async reach(page) {
      await page.getByText("is serving").waitFor();
      await page.route("**/api/**", (route) => route.abort());
      await page.getByText("The server cannot be reached").waitFor();
    },
  },
  {
    state: "with unsaved changes and a tested choice",
    async reach(page) {
      await change(page);
      await page.getByRole("button", { name: "Test changes" }).click();
      await page.getByText("Groq answered").waitFor();
    },
  },
  {
    state: "with an open model picker",
    async reach(page) {
      await page.getByRole("button", { name: /^Model of Weights & Biases/ }).click();
      await page.keyboard.type("mixtral");
      await page.getByRole("option", { name: /Retired/ }).waitFor();
    },
  },
  {
    state: "with an agent's form",
    async reach(page) {
      await page.getByRole("button", { name: "Add an override" }).click();
      await page.getByText("Own models, same order").click();
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByText("Enter the id of the agent.").waitFor();
    },
  },
  {
    state: "in a conflict",
    async reach(page, stage) {
      await change(page);
      await send(stage, "PUT", "", { patch: { order: ["claude"], agents: { reporter: { provider: "claude" } } } });
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    state: "in an outage, with failed tests, a retired model, overrides and a history",
    async reach(page, stage) {
      stage.simulator.setFault("wandb", { kind: "status", status: 401 });
      await send(stage, "PUT", "", {
        patch: {
          providers: { groq: { model: "llama-3.3-70b-versatile" }, claude: { enabled: false } },
          agents: { reporter: { provider: "claude" }, archivist: { models: { groq: "openai/gpt-oss-20b" } } },
        },
      });
      await page.getByRole("button", { name: "Test Weights & Biases" }).click();
      await page.getByText("Weights & Biases failed").waitFor();
      await page.getByText("Weights & Biases refuses its key").waitFor();
      await page.getByText("Agent archivist").first().waitFor();
      stage.simulator.clearFaults();
    },
  },
  {
    state: "while it asks before it brings a version back",
    async reach(page, stage) {
      await send(stage, "PUT", "", { patch: { order: ["groq"] } });
      await send(stage, "PUT", "", { patch: { order: ["openai"], providers: { claude: { enabled: false } } } });
      await page
        .getByRole("button", { name: /^Bring back version/ })
        .first()
        .click();
      await page.getByRole("dialog").getByText("Before (now)").waitFor();
    },
  },
  {
    state: "read-only, with many agents",
    async reach(page, stage) {
      const agents = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`a${at}`, { provider: "groq" }]));
      await send(stage, "PUT", "", { patch: { agents } });
      await page.getByRole("searchbox", { name: "Search agents" }).waitFor();
      await page.route("**/api/admin/ai-models/test", (route) =>
        route.fulfill({ status: 403, json: { success: false, error: "not permitted", code: "forbidden" } }),
      );
      await page.getByRole("button", { name: "Test Groq" }).click();
      await page.getByText("Read-only.").waitFor();
    },
  },
  {
    state: "with budgets over the background calls",
    async reach(page, stage) {
      const budgets = [{ id: "agents", scope: { agent: "*" }, per: "hour", limitTokens: 50, atLimit: "warn" }];
      await send(stage, "PUT", "", { patch: { budgets } });
      await page.getByRole("link", { name: "Budgets" }).click();
      await page.locator('[data-rule="agents"]').waitFor();
      await page.getByRole("button", { name: "Edit: agents" }).click();
      await page.getByLabel("Limit", { exact: true }).waitFor();
    },
  },
  {
    state: "after saving",
    async reach(page) {
      await change(page);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText(/^Saved as version/).waitFor();
    },
  },
];

/** The violations that axe reports, one per line. */
async function findingsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    // Added to the page by the line above.
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"] }),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

describe.skipIf(chromium === undefined)("axe reports no violations", () => {
  let stage: TestPage;
  let page: Page | null = null;
  const api = (method: string, below: string, body?: unknown) => send(stage, method, below, body);

  beforeAll(async () => {
    stage = await setStage(chromium ?? "");
  });
  afterAll(async () => {
    await stage?.close();
  });
  afterEach(async () => {
    await page?.context().close();
    stage.simulator.clearFaults();
    await api("PUT", "", { patch: { order: null, providers: null, agents: null, budgets: null } });
    const { data }: { data: AdminData } = await (await api("GET", "")).json();
    // The circuit of a link with a rejected key stays open for minutes; a successful test closes it.
    if (data.overview.some(({ state }) => state === "open")) await api("POST", "/test", { provider: "wandb" });
  });

  describe.each(LOOKS)("$look", ({ colorScheme, viewport }) => {
    test.each(STATES)("$state", async ({ token, reach }) => {
      page = await stage.open({ colorScheme, viewport, ...(token === undefined ? {} : { token }) });
      await reach(page, stage);
      expect(await findingsOn(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, "the page is wider than its window").toBeLessThanOrEqual(0);
    });
  });
});
