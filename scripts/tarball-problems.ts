import type { PackedPackage } from "./pack-packages.ts";
import type { PackageManifest } from "./workspace.ts";

const ALLOWED =
  /^package\/(?:dist\/|grafana\/[\w-]+\.json$|alerts\/[\w-]+\.yml$|package\.json$|README\.md$|LICENSE$|THIRD-PARTY-NOTICES\.md$|CHANGELOG\.md$)/;
const TESTS = /\.(?:test|test-d|bench)\.|\/(?:fixtures|test-support|__snapshots__)\//;
const NEEDED = ["package/package.json", "package/README.md", "package/LICENSE"];

/** The files in `exports` and `bin` of a manifest. */
export function namedFiles({ exports = {}, bin = {} }: PackageManifest): string[] {
  const targets = [...Object.values(exports), ...Object.values(bin)];
  return targets.flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)));
}

/** The problems of a tarball's content, one sentence each; empty if there are none. */
export function tarballProblems({ files, manifest }: Pick<PackedPackage, "files" | "manifest">): string[] {
  const strays = files.filter((file) => !ALLOWED.test(file) || TESTS.test(file));
  const missing = NEEDED.filter((file) => !files.includes(file));
  const lost = namedFiles(manifest).filter((file) => !files.includes(`package/${file.replace(/^\.\//, "")}`));
  const sources = namedFiles(manifest).filter((file) => !file.startsWith("./dist/"));
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies });
  const local = ranges.filter(([, range]) => /^(?:workspace|catalog|link|file):/.test(range));
  return [
    ...strays.map((file) => `${file} must not be in the tarball`),
    ...missing.map((file) => `${file} is missing`),
    ...lost.map((file) => `${file} is in package.json but not in the tarball`),
    ...sources.map((file) => `${file} is exported but not built`),
    ...local.map(([name, range]) => `${name} is ${range}, which is invalid outside the workspace`),
  ];
}
