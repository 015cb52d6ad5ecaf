import assert from "node:assert/strict";
import { checkService } from "./check-service.ts";
import { ADMIN_TOKEN, type Place, type PlaceContext } from "./place.ts";
import { checkTab, withBrowser } from "./with-browser.ts";

const ADDRESS = ["--hostname", "127.0.0.1", "--port", "0"];

/** The routes, the tab and the chat page of a running application. */
async function lookAtApp({ simulator }: PlaceContext, origin: string): Promise<void> {
  await checkService({ origin, simulator });
  await checkTab(`${origin}/admin?token=${ADMIN_TOKEN}`);
  await withBrowser(origin, async (page) => {
    const status = page.getByRole("status");
    await page.getByLabel("Prompt").fill("Name a ship.");
    await page.getByRole("button", { name: "Ask" }).click();
    await status.getByText("complete").waitFor();
    assert.notEqual(await page.locator("output").textContent(), "");
    simulator.setFault("wandb", { kind: "reset", when: "mid-stream" });
    await page.getByRole("button", { name: "Ask" }).click();
    await status.getByText("broken off").waitFor();
    simulator.clearFaults();
  });
}

function builtWith(name: string, args: readonly string[]): Place {
  return {
    name: `Next.js, next build with ${name}`,
    app: "next",
    async check(context) {
      const { run, start } = context;
      const built = await run("next", ["build", ...args]);
      assert.doesNotMatch(built, /warning|critical dependency|module not found/i);
      const service = await start("next", ["start", ...ADDRESS]);
      await lookAtApp(context, service.origin);
      await service.stop();
      const driverless = await start("next", ["start", ...ADDRESS], {
        env: { BABYLON_SETTINGS_URL: "redis://127.0.0.1:1" },
      });
      const refused = await fetch(`${driverless.origin}/api/ask`, { method: "POST", body: '{"prompt":"x"}' });
      assert.equal(refused.status, 500);
      assert.match(driverless.output(), /@redis\/client is not installed: npm install @redis\/client/);
    },
  };
}

export const NEXT_PLACES: readonly Place[] = [
  builtWith("Turbopack", []),
  builtWith("webpack", ["--webpack"]),
  {
    name: "Next.js, next dev",
    app: "next",
    async check(context) {
      const { origin } = await context.start("next", ["dev", ...ADDRESS]);
      await lookAtApp(context, origin);
    },
  },
];
