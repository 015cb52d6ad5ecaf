/**
 * Makes the packages' package.json ready for publishing with npm's provenance: asks for it, and says where the packages come from,
 * which npm compares with the repository whose workflow publishes; for a fork that is the fork. Runs in the release workflow alone,
 * on a checkout that is thrown away.
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
  // In the manifest, because whether the variable NPM_CONFIG_PROVENANCE is heeded depends on which client publishes.
  const publishConfig = { ...manifest.publishConfig, provenance: true };
  writeFileSync(file, `${JSON.stringify({ ...manifest, repository, publishConfig }, null, 2)}\n`);
}
