import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser } from "./open-browser.ts";
import { type StartedDashboard, startDashboardProcess, TOKEN } from "./start-process.ts";

/** A dashboard process with simulated providers, and browsers that open its page. */
export interface TestPage {
  readonly simulator: ProviderSimulator;
  readonly dashboard: StartedDashboard;
  /** The environment for other processes of the same service. */
  readonly env: Readonly<Record<string, string>>;
  /** Opens the page in a separate browser session. Default token: the right one; `null`: none. */
  open(options?: BrowserContextOptions & { readonly token?: string | null }): Promise<Page>;
  /** All replies of the server to any page, and all errors of scripts. */
  readonly replies: readonly string[];
  readonly pageErrors: readonly string[];
  /** Rejects if a reply contained a key. */
  close(): Promise<void>;
}

/** Starts everything. `extra` is passed only to the dashboard. */
export async function setStage(chromium: string, extra: Readonly<Record<string, string>> = {}): Promise<TestPage> {
  const folder = await mkdtemp(join(tmpdir(), "babylon-dashboard-"));
  const simulator = await startProviderSimulator({ recordBodies: false });
  const env = { ...simulator.env, BABYLON_SETTINGS_URL: `sqlite://${join(folder, "settings.db")}` };
  const dashboard = await startDashboardProcess({ ...env, ...extra });
  let browser: Browser | null = null;
  const replies: string[] = [];
  const pageErrors: string[] = [];

  return {
    simulator,
    dashboard,
    env,
    replies,
    pageErrors,
    async open({ token = TOKEN, ...options } = {}) {
      browser ??= await openBrowser(chromium);
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on("pageerror", (error) => pageErrors.push(error.message));
      page.on("response", (response) => {
        response.text().then(
          (text) => replies.push(text),
          // The response was discarded with its page.
          () => {},
        );
      });
      await page.goto(`${dashboard.url}/${token === null ? "" : `#token=${token}`}`);
      return page;
    },
    async close() {
      await browser?.close();
      await dashboard.stop();
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
      const keys = Object.entries(env).flatMap(([name, value]) => (name.endsWith("_KEY") ? [value] : []));
      const leaks = replies.filter((reply) => keys.some((key) => reply.includes(key)));
      if (keys.length !== 4 || leaks.length > 0)
        throw new Error(`replies hold keys: ${leaks.join("\n").slice(0, 2_000)}`);
    },
  };
}
