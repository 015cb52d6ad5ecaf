/**
 * Prepares the packages' package.json for publishing with npm's provenance: enables it, and sets `repository`, which npm compares with
 * the repository of the publishing workflow; for a fork that is the fork. Runs only in the release workflow, on a temporary checkout.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { publishedPackages, ROOT } from "./workspace.ts";

const { GITHUB_SERVER_URL: server = "https://github.com", GITHUB_REPOSITORY: name } = process.env;
if (name === undefined) throw new Error("GITHUB_REPOSITORY is not set: this runs in the release workflow");
for (const { folder } of publishedPackages()) {
  const file = join(folder, "package.json");
  const manifest: { readonly publishConfig?: object } = JSON.parse(readFileSync(file, "utf8"));
  const repository = { type: "git", url: `git+${server}/${name}.git`, directory: relative(ROOT, folder) };
  // In the manifest, because not every client reads the variable NPM_CONFIG_PROVENANCE.
  const publishConfig = { ...manifest.publishConfig, provenance: true };
  writeFileSync(file, `${JSON.stringify({ ...manifest, repository, publishConfig }, null, 2)}\n`);
}
