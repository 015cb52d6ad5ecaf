import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { authorizeBearer, createAdminHandler } from "@babylon/admin-api";
import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { createSettingsStore } from "@babylon/settings-store";
import { chromium, type Route } from "playwright-core";
import { build } from "vite";
import { describe, expect, test } from "vitest";

const CHROMIUM = "/usr/bin/chromium";
const missing = !existsSync(CHROMIUM);
if (missing && process.env.CI === "true") throw new Error(`no Chromium at ${CHROMIUM}`);
if (missing) console.warn(`no Chromium at ${CHROMIUM}: the tab is not tried with React 18 and 19`);

const STYLES = readFileSync(new URL("./styles.css", import.meta.url), "utf8");

const place = (name: string) => fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url));

/** The tab alone, bundled as one script with the React of the given folders. */
async function bundle(react: string, reactDom: string): Promise<string> {
  const built = await build({
    configFile: false,
    envFile: false,
    logLevel: "error",
    mode: "production",
    resolve: {
      alias: [
        { find: /^react($|\/)/, replacement: `${place(react)}$1` },
        { find: /^react-dom($|\/)/, replacement: `${place(reactDom)}$1` },
      ],
    },
    build: {
      write: false,
      rollupOptions: {
        input: fileURLToPath(new URL("./test-support/page/main.tsx", import.meta.url)),
        output: { format: "iife" },
      },
    },
  });
  for (const result of Array.isArray(built) ? built : [built]) {
    if (!("output" in result)) continue;
    for (const file of result.output) if (file.type === "chunk") return file.code;
  }
  throw new Error("nothing was built");
}

async function answer(route: Route, handler: (request: Request) => Promise<Response>): Promise<void> {
  const request = route.request();
  const body = request.postData();
  const forwarded = new Request(request.url(), {
    method: request.method(),
    headers: request.headers(),
    ...(body === null ? {} : { body }),
  });
  const reply = await handler(forwarded);
  await route.fulfill({ status: reply.status, headers: Object.fromEntries(reply.headers), body: await reply.text() });
}

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
      authorize: authorizeBearer("a-token-for-tests-0001"),
    });
    const script = await bundle(react, reactDom);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", ({ message }) => errors.push(message));
      page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
      await page.route("**/*", (route) => {
        const { pathname } = new URL(route.request().url());
        if (pathname.startsWith("/models")) return answer(route, handler);
        if (pathname === "/script.js") return route.fulfill({ contentType: "text/javascript", body: script });
        if (pathname === "/styles.css") return route.fulfill({ contentType: "text/css", body: STYLES });
        const html = `<!doctype html><html lang="en"><title>Tab</title><link rel="icon" href="data:,">
          <link rel="stylesheet" href="/styles.css"><style>body { --babylon-accent-fill: rgb(1, 2, 3); }</style>
          <body data-theme="dark"><script src="/script.js"></script></body></html>`;
        return route.fulfill({ contentType: "text/html", body: html });
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
