import { execFileSync } from "node:child_process";
import { type PackageManifest, publishedPackages, type WorkspacePackage } from "./workspace.ts";

/** A packed package. */
export interface PackedPackage {
  /** The package in the workspace. */
  readonly source: WorkspacePackage;
  /** The tarball's file. */
  readonly tarball: string;
  /** The paths in the tarball, each below `package/`. */
  readonly files: readonly string[];
  /** The package.json in the tarball: `publishConfig` applied, `workspace:` and `catalog:` replaced. */
  readonly manifest: PackageManifest;
}

function tar(...args: string[]): string {
  return execFileSync("tar", args, { encoding: "utf8" });
}

/** Packs every published package into a folder with `pnpm pack`. Needs a build. */
export function packPackages(target: string): PackedPackage[] {
  return publishedPackages().map((source) => {
    const args = ["pack", "--pack-destination", target, "--json"];
    const output = execFileSync("pnpm", args, { cwd: source.folder, encoding: "utf8" });
    const { filename: tarball }: { filename: string } = JSON.parse(output.slice(output.indexOf("{")));
    return {
      source,
      tarball,
      files: tar("-tzf", tarball).trim().split("\n"),
      manifest: JSON.parse(tar("-xzOf", tarball, "package/package.json")),
    };
  });
}
