/** Checks the built documentation site: internal links have targets, and the search index has guides and functions. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { brokenLinks, notSearchable } from "./site-problems.ts";
import { ROOT } from "./workspace.ts";

const site = join(ROOT, "docs", "site");
const problems = [
  ...brokenLinks(site).map((link) => `broken link: ${link}`),
  ...notSearchable(site, ["Quick start", "createBabylonLLM", "createSettingsStore", "wandb"]).map(
    (name) => `missing in the search index: ${name}`,
  ),
];
const pages = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html")).length;
for (const problem of problems) console.log(`FAIL ${problem}`);
if (problems.length === 0) console.log(`ok   ${pages} pages without broken links`);
process.exitCode = problems.length === 0 ? 0 : 1;
