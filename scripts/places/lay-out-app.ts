import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedPackage } from "../pack-packages.ts";
import { ROOT } from "../workspace.ts";

/** The members of package.json that are filled in. */
interface AppManifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Copies an application of `places/` into a folder and replaces its dependencies by the packed packages: direct ones by path, transitive
 * ones by overrides, because no registry has them.
 */
export function layOutApp(app: string, packed: readonly PackedPackage[], folder: string): void {
  cpSync(join(ROOT, "places", app), folder, { recursive: true });
  const file = join(folder, "package.json");
  const manifest: AppManifest = JSON.parse(readFileSync(file, "utf8"));
  const tarballs = Object.fromEntries(packed.map(({ manifest: { name }, tarball }) => [name, `file:${tarball}`]));
  const dependencies = { ...manifest.dependencies };
  for (const name of Object.keys(dependencies)) dependencies[name] = tarballs[name] ?? dependencies[name] ?? "";
  const others = Object.entries(tarballs).filter(([name]) => !Object.hasOwn(dependencies, name));
  const overrides = Object.fromEntries(others);
  writeFileSync(file, JSON.stringify({ ...manifest, dependencies, overrides, pnpm: { overrides: tarballs } }, null, 2));
}
