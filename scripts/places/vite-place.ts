import { checkService } from "./check-service.ts";
import { ADMIN_TOKEN, type Place } from "./place.ts";
import { checkTab } from "./with-browser.ts";

const PORT = ["--host", "127.0.0.1", "--port", "0"];

/** A service built for the server, and a page with the tab, built and from the development server. */
export const VITE_PLACE: Place = {
  name: "Vite",
  app: "services",
  async check({ run, start, simulator }) {
    await run("vite", ["build", "--ssr", "node.js", "--outDir", "dist/server"]);
    const service = await start("node", ["dist/server/node.js"]);
    await checkService({ origin: service.origin, simulator });
    const env = { SERVICE_URL: service.origin };
    await run("vite", ["build", "--outDir", "dist/page"]);
    for (const args of [["preview", "--outDir", "dist/page", ...PORT], PORT]) {
      const page = await start("vite", args, { env });
      await checkTab(`${page.origin}/?token=${ADMIN_TOKEN}`);
      await page.stop();
    }
  },
};
