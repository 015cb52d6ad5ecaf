/** Checks the built documentation site: that every link inside it leads somewhere, and that the search knows guides and functions. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { brokenLinks, notSearchable } from "./site-problems.ts";
import { ROOT } from "./workspace.ts";

const site = join(ROOT, "docs", "site");
const problems = [
  ...brokenLinks(site).map((link) => `leads nowhere: ${link}`),
  ...notSearchable(site, ["Quick start", "createBabylonLLM", "createSettingsStore", "wandb"]).map(
    (name) => `not found by the search: ${name}`,
  ),
];
const pages = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html")).length;
for (const problem of problems) console.log(`FAIL ${problem}`);
if (problems.length === 0) console.log(`ok   ${pages} pages, every link inside them leads somewhere`);
process.exitCode = problems.length === 0 ? 0 : 1;
