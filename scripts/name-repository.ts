/**
 * Writes into the packages' package.json where they come from, as npm's provenance wants it: of the repository whose workflow
 * publishes, which for a fork is the fork. Runs in the release workflow alone, on a checkout that is thrown away.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { publishedPackages, ROOT } from "./workspace.ts";

const { GITHUB_SERVER_URL: server = "https://github.com", GITHUB_REPOSITORY: name } = process.env;
if (name === undefined) throw new Error("GITHUB_REPOSITORY is not set: this runs in the release workflow");
for (const { folder } of publishedPackages()) {
  const file = join(folder, "package.json");
  const manifest: object = JSON.parse(readFileSync(file, "utf8"));
  const repository = { type: "git", url: `git+${server}/${name}.git`, directory: relative(ROOT, folder) };
  writeFileSync(file, `${JSON.stringify({ ...manifest, repository }, null, 2)}\n`);
}
