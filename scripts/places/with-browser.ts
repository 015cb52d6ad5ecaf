import assert from "node:assert/strict";
import { chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const LIMIT_MS = 60_000;

/** Opens a page in Chromium. Fails if the page has logged an error. */
export async function withBrowser(url: string, look: (page: Page) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(url, { timeout: LIMIT_MS });
    await look(page);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
}

/** Checks that the tab shows the chain of the service, with the styles of the package. */
export async function checkTab(url: string): Promise<void> {
  await withBrowser(url, async (page) => {
    const tab = page.getByRole("region", { name: "AI models" });
    await tab.getByText("Weights & Biases").first().waitFor();
    const tabularFigures = await tab.evaluate((element) => getComputedStyle(element).fontVariantNumeric);
    assert.equal(tabularFigures, "tabular-nums", "the styles are missing");
  });
}
