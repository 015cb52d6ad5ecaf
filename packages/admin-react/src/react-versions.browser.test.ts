import { existsSync } from "node:fs";
import { authorizeBearer, createAdminHandler } from "@babylon/admin-api";
import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { createSettingsStore } from "@babylon/settings-store";
import { chromium } from "playwright-core";
import { describe, expect, test } from "vitest";
import { bundleTab, CHROMIUM, serveTab, TOKEN } from "./test-support/serve-tab.ts";

const missing = !existsSync(CHROMIUM);
if (missing && process.env.CI === "true") throw new Error(`no Chromium at ${CHROMIUM}`);
if (missing) console.warn(`no Chromium at ${CHROMIUM}: the tab is not tried with React 18 and 19`);

describe.skipIf(missing)("the tab runs, in the host's colours and theme, with", () => {
  test.each([
    ["18.3", "react18", "react-dom18"],
    ["19.", "react", "react-dom"],
  ])("React %s", async (version, react, reactDom) => {
    await using settings = await createSettingsStore({ url: "memory://" });
    const llm = createLLMClient({
      providers: [mockProvider({ id: "wandb", name: "Weights & Biases" }), mockProvider({ id: "groq", name: "Groq" })],
      settings,
    });
    const handler = createAdminHandler({
      llm,
      settings,
      basePath: "/models",
      authorize: authorizeBearer(TOKEN),
    });
    const script = await bundleTab(react, reactDom);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
    try {
      const page = await browser.newPage();
      const errors = await serveTab(page, {
        script,
        handler,
        body: 'data-theme="dark"',
        css: "body { --babylon-accent-fill: rgb(1, 2, 3); }",
      });
      await page.goto("http://tab.test/");
      await page.getByText("Weights & Biases is serving").waitFor();
      expect(await page.locator("[data-react]").getAttribute("data-react")).toContain(version);

      await page.getByRole("button", { name: "Move Groq earlier" }).click();
      await page.getByRole("button", { name: /^Model of Groq/ }).click();
      await page.keyboard.type("some/model:v2");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Test changes" }).click();
      await page.getByText("answer 1 of groq").waitFor();
      const save = page.getByRole("button", { name: "Save", exact: true });
      expect(await save.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe("rgb(1, 2, 3)");
      const tab = page.locator(".babylon-models");
      expect(await tab.evaluate((element) => getComputedStyle(element).colorScheme)).toBe("dark");
      await save.click();
      await page.getByText("Groq is serving").waitFor();
      expect((await settings.get()).value).toMatchObject({
        order: ["groq", "wandb"],
        providers: { groq: { model: "some/model:v2" } },
      });
      await page.getByRole("button", { name: "Undo", exact: true }).click();
      await page.getByText("Weights & Biases is serving").waitFor();
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
