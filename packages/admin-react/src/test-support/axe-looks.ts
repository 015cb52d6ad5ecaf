import axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";

/** A window of a desktop computer. */
export const WIDE: { readonly width: number; readonly height: number } = { width: 1440, height: 900 };

/** Colours, widths and zooms in which pages are tried. */
export const LOOKS: readonly (BrowserContextOptions & { readonly look: string })[] = [
  { look: "light, 1440 px", colorScheme: "light", viewport: WIDE },
  { look: "dark, 1440 px", colorScheme: "dark", viewport: WIDE },
  { look: "light, 768 px", colorScheme: "light", viewport: { width: 768, height: 900 } },
  { look: "dark, 768 px", colorScheme: "dark", viewport: { width: 768, height: 900 } },
  { look: "dark, 390 px", colorScheme: "dark", viewport: { width: 390, height: 800 } },
  { look: "light, 390 px", colorScheme: "light", viewport: { width: 390, height: 800 } },
  // What a window of 1440 px is at 200 %.
  { look: "light, zoom 200 %", colorScheme: "light", viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
  { look: "dark, zoom 200 %", colorScheme: "dark", viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
  { look: "forced colours", forcedColors: "active", viewport: WIDE },
];

/** What axe finds on a page, one line each. */
export async function findingsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    // Put there by the line above.
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"] }),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
