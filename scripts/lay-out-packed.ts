import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PackedPackage } from "./pack-packages.ts";
import { ROOT } from "./workspace.ts";

function link(name: string, from: string, into: string): void {
  const path = join(into, "node_modules", name);
  if (existsSync(path) || !existsSync(join(from, "node_modules", name))) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(realpathSync(join(from, "node_modules", name)), path);
}

/**
 * Installs the packed packages into an application without a registry: each tarball is unpacked, with its dependencies below it and its
 * peers beside it, as links to the versions of the workspace. Undeclared dependencies are not resolvable.
 */
export function layOutPacked(packed: readonly PackedPackage[], app: string): void {
  cpSync(join(ROOT, "scripts", "packed-app"), app, { recursive: true });
  for (const { source, tarball, manifest } of packed) {
    const folder = join(app, "node_modules", manifest.name);
    mkdirSync(folder, { recursive: true });
    execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", folder]);
    const own = packed.map((each) => each.manifest.name);
    const dependencies = Object.keys(manifest.dependencies ?? {}).filter((name) => !own.includes(name));
    for (const name of dependencies) link(name, source.folder, folder);
    for (const name of Object.keys(manifest.peerDependencies ?? {})) link(name, source.folder, app);
  }
  for (const name of ["@types/node", "vitest"]) link(name, ROOT, app);
  for (const name of ["@types/react"]) link(name, join(ROOT, "packages", "admin-react"), app);
}
