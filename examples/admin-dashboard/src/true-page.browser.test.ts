import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "./test-support/open-browser.ts";
import { startDashboardProcess, TOKEN } from "./test-support/start-process.ts";
import { setStage, type TestPage } from "./test-support/with-page.ts";

const chromium = findChromium();
const API = "/api/admin/ai-models";
const PROVIDERS = ["wandb", "groq", "claude", "openai"] as const;

let stage: TestPage;
let open: Page[] = [];

async function send(method: string, below: string, body?: unknown): Promise<Response> {
  return fetch(`${stage.dashboard.url}${API}${below}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
async function openPage(options: Parameters<TestPage["open"]>[0] = {}): Promise<Page> {
  const page = await stage.open(options);
  open.push(page);
  await page.locator(".bm-headline").waitFor();
  return page;
}
/** The accessible name of the focused element, or its text. */
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) return null;
    return activeElement.getAttribute("aria-label") ?? activeElement.textContent;
  });
const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true }).click();
const switchOf = (page: Page, name: string) => page.getByRole("switch", { name: `${name} is switched on` });

async function closePages(): Promise<void> {
  for (const page of open.splice(0)) await page.context().close();
  stage.simulator.clearFaults();
  await send("PUT", "", { patch: { order: null, providers: null, agents: null }, force: true });
}

describe.skipIf(chromium === undefined)("with calls", () => {
  beforeAll(async () => {
    open = [];
    stage = await setStage(chromium ?? "", { DASHBOARD_TRAFFIC_MS: "100" });
  });
  afterEach(closePages);
  afterAll(async () => {
    await stage?.close();
  });

  test("the first line has the active provider, since when it serves, and the last change with its actor", async () => {
    await send("PUT", "", { patch: { providers: { openai: { enabled: false } } } });
    const page = await openPage();
    const head = page.locator(".bm-headline");
    await head.getByText(/^Weights & Biases is serving since \d/).waitFor();
    await head.getByText("2 fallbacks ready.").waitFor();
    await head.getByText(/^Last change: version \d+ by admin, just now \(OpenAI: switched off\)$/).waitFor();
    expect(await head.getAttribute("data-tone")).toBe("good");
  });

  test("the figures cover the last minute, 5 minutes or hour", async () => {
    const page = await openPage();
    const attempts = () => page.locator('[data-step="wandb"] dd').nth(1).textContent();
    for (const window of ["1 min", "1 h", "5 min"]) {
      await page.getByText(window, { exact: true }).click();
      await expect.poll(async () => Number(await attempts())).toBeGreaterThan(0);
    }
  });

  test("calls served by a fallback are amber, failed calls red, and no earlier confirmation is above them", async () => {
    const page = await openPage();
    await page.getByRole("button", { name: "Move OpenAI earlier" }).click();
    await save(page);
    await page.getByText(/^Saved as version/).waitFor();

    stage.simulator.setFault("wandb", { kind: "status", status: 503 });
    const head = page.locator(".bm-headline");
    await head
      .getByText(/^Degraded: \d+ of \d+ calls served by a fallback in the last minute$/)
      .waitFor({ timeout: 60_000 });
    expect(await head.getAttribute("data-tone")).toBe("warn");
    await head.getByText(/Groq is serving since .* Weights & Biases is overloaded\./).waitFor();

    for (const id of PROVIDERS) stage.simulator.setFault(id, { kind: "status", status: 500 });
    await head.getByText(/^Outage: 0 of \d+ calls served.* since \d/).waitFor({ timeout: 60_000 });
    expect(await head.getAttribute("data-tone")).toBe("bad");
    expect(await page.getByText("is serving").count()).toBe(0);
    expect(await page.getByText(/^Saved as version/).count()).toBe(0);
    expect(await page.locator('[data-step][data-tone="good"]').count()).toBe(0);
    await head.getByText(/^Last change: version \d+ by admin/).waitFor();

    stage.simulator.clearFaults();
    await head.getByText(/is serving since/).waitFor({ timeout: 60_000 });
    await expect.poll(() => head.getAttribute("data-tone")).not.toBe("bad");
  });
});

describe.skipIf(chromium === undefined)("without calls", () => {
  beforeAll(async () => {
    open = [];
    stage = await setStage(chromium ?? "");
  });
  afterEach(closePages);
  afterAll(async () => {
    expect(stage?.pageErrors).toEqual([]);
    await stage?.close();
  });

  test("unsaved changes, the reason and an open form survive a reload; the token does not", async () => {
    const page = await openPage();
    await switchOf(page, "OpenAI").click();
    await page.getByRole("textbox", { name: /^Reason/ }).fill("costs");
    await page.getByRole("button", { name: "Add an override" }).click();
    await page.getByRole("textbox", { name: "Agent" }).fill("reporter");
    await page.reload();
    await page.getByText("1 unsaved change").waitFor();
    expect(await switchOf(page, "OpenAI").getAttribute("aria-checked")).toBe("false");
    expect(await page.getByRole("textbox", { name: /^Reason/ }).inputValue()).toBe("costs");
    expect(await page.getByRole("textbox", { name: "Agent" }).inputValue()).toBe("reporter");
    const stored = await page.evaluate(() =>
      Object.entries(sessionStorage).flatMap(([key, value]) => (key.startsWith("babylon-admin ") ? [value] : [])),
    );
    expect(stored).toHaveLength(3);
    expect(stored.join()).not.toContain(TOKEN);

    await page.getByRole("button", { name: "Cancel" }).click();
    await save(page);
    await page.getByText(/^Saved as version/).waitFor();
    await page.reload();
    await page.getByText("costs").waitFor();
    expect(await page.getByText("unsaved change").count()).toBe(0);
  });

  test("unsaved changes survive a 401 and the following sign-in", async () => {
    const page = await openPage();
    await switchOf(page, "OpenAI").click();
    await page.route(`**${API}`, (route) =>
      route.fulfill({ status: 401, json: { success: false, error: "expired", code: "unauthorized" } }),
    );
    await save(page);
    await page.getByText("You are not signed in").waitFor();
    await page.getByText("Your unsaved changes are kept in this browser tab.").waitFor();
    await page.unroute(`**${API}`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Admin token").fill(TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("1 unsaved change").waitFor();
    await save(page);
    await page.getByText(/^Saved as version/).waitFor();
  });

  test.each([
    ["PUT", "", (page: Page) => save(page)],
    ["POST", "/test", (page: Page) => page.getByRole("button", { name: "Test Groq" }).click()],
  ])("after a 403 of %s %s the page is read-only with a message, until a retry", async (method, below, act) => {
    const page = await openPage();
    await switchOf(page, "OpenAI").click();
    await page.route(`**${API}${below}`, (route) =>
      route.request().method() === method
        ? route.fulfill({ status: 403, json: { success: false, error: "not permitted", code: "forbidden" } })
        : route.continue(),
    );
    await act(page);
    await page.getByText("Read-only. The server refused the request: not permitted.").waitFor();
    expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
    for (const name of ["Weights & Biases", "OpenAI"]) expect(await switchOf(page, name).isDisabled()).toBe(true);
    for (const name of ["Test a call", "Move Groq earlier", /^Model of Groq/, "Add an override", "Test Groq"]) {
      expect(await page.getByRole("button", { name }).isDisabled(), String(name)).toBe(true);
    }
    await page.getByText("1 unsaved change").waitFor();
    await page.unroute(`**${API}${below}`);
    await page.getByRole("button", { name: "Try again" }).click();
    await save(page);
    await page.getByText(/^Saved as version/).waitFor();
  });

  test("a rollback is applied after its difference was shown and confirmed", async () => {
    await send("PUT", "", { patch: { providers: { claude: { model: "claude-haiku-4-5" } } } });
    const { data } = await (
      await send("PUT", "", { patch: { order: ["groq"], agents: { a: { provider: "groq" } } } })
    ).json();
    const page = await openPage();
    const button = page.getByRole("button", { name: `Bring back version ${data.version - 1}` });
    await button.click();
    const dialog = page.getByRole("dialog", { name: `Bring back version ${data.version - 1}?` });
    const rows = () =>
      dialog
        .locator("tbody tr")
        .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(await rows()).toEqual([
      ["Order", "Groq", "default order"],
      ["Agent a", "Groq first", "no override"],
    ]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await focused(page)).toBe(`Bring back version ${data.version - 1}`);
    expect((await (await send("GET", "")).json()).data.version).toBe(data.version);

    await button.click();
    await dialog.getByRole("button", { name: "Bring back", exact: true }).click();
    await page.getByText(`Saved as version ${data.version + 1}.`).waitFor();
    expect(await focused(page)).toBe(`Bring back version ${data.version - 1}`);
    expect((await (await send("GET", "")).json()).data.settings.agents).toEqual({});
  });

  test("the focus stays in place after each action", async () => {
    await send("PUT", "", { patch: { agents: { a: { provider: "groq" }, b: { provider: "groq" } } } });
    const page = await openPage();
    const press = async (name: string | RegExp) => {
      await page.getByRole("button", { name, exact: typeof name === "string" }).focus();
      await page.keyboard.press("Enter");
    };
    const isFocused = (name: string) => expect.poll(() => focused(page)).toBe(name);

    await press("Refresh");
    await isFocused("Refresh");
    await press("Test Groq");
    await page.getByText("Groq answered").waitFor();
    await isFocused("Test Groq");
    await press("Dismiss the result of the test");
    await isFocused("Test Groq");
    await switchOf(page, "OpenAI").focus();
    await page.keyboard.press("Space");
    await isFocused("OpenAI is switched on");
    await press("Discard");
    await page.getByText("unsaved change").waitFor({ state: "detached" });
    await isFocused("OpenAI is switched on");
    await page.keyboard.press("Space");
    await press("Save");
    await page.getByText(/^Saved as version/).waitFor();
    await isFocused("OpenAI is switched on");
    await press("Undo");
    await page
      .getByText(/^OpenAI: on when it has a key|^OpenAI: back to the defaults/)
      .first()
      .waitFor();
    expect(await focused(page)).not.toBeNull();
    await press("Dismiss");
    expect(await focused(page)).not.toBeNull();
    await press("Edit the override of a");
    await page.getByRole("button", { name: "Cancel" }).waitFor();
    expect(await focused(page)).not.toBeNull();
    await press("Cancel");
    await isFocused("Edit the override of a");
    await press("Remove the override of a");
    await isFocused("Remove the override of b");
    await press("Remove the override of b");
    await isFocused("Add an override");
    await press("Move Groq earlier");
    await isFocused("Move Groq earlier");
  });

  test.each(["light", "dark"] as const)(
    "the state of a switch is visible in forced colours, %s",
    async (colorScheme) => {
      await send("PUT", "", { patch: { providers: { openai: { enabled: false } } } });
      const page = await openPage({ forcedColors: "active", colorScheme });
      const look = (name: string) =>
        switchOf(page, name).evaluate((element) => {
          const knob = element.firstElementChild;
          if (knob === null) throw new Error("the switch has no knob");
          const { backgroundColor, borderColor } = getComputedStyle(element);
          return { track: backgroundColor, border: borderColor, knob: getComputedStyle(knob).backgroundColor };
        });
      const [on, off] = [await look("Groq"), await look("OpenAI")];
      expect(on.track).not.toBe(off.track);
      expect(on.knob).not.toBe(on.track);
      expect(off.border).not.toBe(off.track);
      const dot = page.locator(".bm-headline > .bm-dot");
      const [dotColor, behind] = await dot.evaluate((element) => [
        getComputedStyle(element).backgroundColor,
        getComputedStyle(element.parentElement ?? element).backgroundColor,
      ]);
      expect(dotColor).not.toBe(behind);
    },
  );

  test.each([1_180, 360])("64 agents are searchable and paginated, %d px wide", async (width) => {
    const agents = Object.fromEntries(
      Array.from({ length: 64 }, (_, at) => [
        `agent-${String(at).padStart(2, "0")}`,
        { provider: at === 63 ? "claude" : "groq" },
      ]),
    );
    await send("PUT", "", { patch: { agents } });
    const page = await openPage({ viewport: { width, height: 900 } });
    const section = page.getByRole("region", { name: "Agent overrides" });
    await section.getByText("1–10 of 64").waitFor();
    expect(await section.locator("[data-agent]").count()).toBe(10);
    expect((await section.boundingBox())?.height).toBeLessThan(1_500);
    await section.getByRole("button", { name: "Next agents" }).click();
    await section.getByText("11–20 of 64").waitFor();
    await section.getByRole("searchbox", { name: "Search agents" }).fill("claude");
    await section.getByText("1–1 of 1").waitFor();
    await section.getByRole("button", { name: "Edit the override of agent-63" }).waitFor();
    await section.getByRole("searchbox", { name: "Search agents" }).fill("nothing like it");
    await section.getByText("No agent matches “nothing like it”.").waitFor();

    // The page that contains a new agent is opened.
    await section.getByRole("button", { name: "Add an override" }).click();
    await page.getByRole("textbox", { name: "Agent" }).fill("zed");
    await section.getByRole("button", { name: "Add", exact: true }).click();
    await section.getByText("61–65 of 65").waitFor();
    await expect.poll(() => focused(page)).toBe("Edit the override of zed");
  });
});

describe.skipIf(chromium === undefined)("unsaved changes survive a server outage", () => {
  test("also when the page is reloaded after the outage", async () => {
    open = [];
    stage = await setStage(chromium ?? "");
    const { port } = new URL(stage.dashboard.url);
    let again: Awaited<ReturnType<typeof startDashboardProcess>> | null = null;
    try {
      const page = await openPage();
      await switchOf(page, "OpenAI").click();
      await stage.dashboard.stop();
      await page.getByText("The server cannot be reached.").waitFor();
      await page.getByText("1 unsaved change").waitFor();
      again = await startDashboardProcess({ ...stage.env, PORT: port });
      await page.reload();
      await page.getByText("1 unsaved change").waitFor();
      await save(page);
      await page.getByText(/^Saved as version/).waitFor();
    } finally {
      await again?.stop();
      await stage.close();
    }
  });
});
