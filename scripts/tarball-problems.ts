import type { PackedPackage } from "./pack-packages.ts";
import type { PackageManifest } from "./workspace.ts";

const ALLOWED = /^package\/(?:dist\/|package\.json$|README\.md$|LICENSE$|THIRD-PARTY-NOTICES\.md$|CHANGELOG\.md$)/;
const TESTS = /\.(?:test|test-d|bench)\.|\/(?:fixtures|test-support|__snapshots__)\//;
const NEEDED = ["package/package.json", "package/README.md", "package/LICENSE"];

/** The files that a manifest names: what `exports` and `bin` point at. */
export function namedFiles({ exports = {}, bin = {} }: PackageManifest): string[] {
  const targets = [...Object.values(exports), ...Object.values(bin)];
  return targets.flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)));
}

/** What is wrong with a tarball's content, one sentence each; nothing when it holds what it should and no more. */
export function tarballProblems({ files, manifest }: Pick<PackedPackage, "files" | "manifest">): string[] {
  const strays = files.filter((file) => !ALLOWED.test(file) || TESTS.test(file));
  const missing = NEEDED.filter((file) => !files.includes(file));
  const lost = namedFiles(manifest).filter((file) => !files.includes(`package/${file.replace(/^\.\//, "")}`));
  const sources = namedFiles(manifest).filter((file) => !file.startsWith("./dist/"));
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies });
  const local = ranges.filter(([, range]) => /^(?:workspace|catalog|link|file):/.test(range));
  return [
    ...strays.map((file) => `${file} is not for the tarball`),
    ...missing.map((file) => `${file} is missing`),
    ...lost.map((file) => `${file} is named in package.json and not in the tarball`),
    ...sources.map((file) => `${file} is exported and not built`),
    ...local.map(([name, range]) => `${name} is ${range}, which means nothing outside the workspace`),
  ];
}
