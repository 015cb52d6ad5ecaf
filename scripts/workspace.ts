import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository's root. */
export const ROOT: string = resolve(import.meta.dirname, "..");

/** The members of package.json that the checks read. */
export interface PackageManifest {
  readonly name: string;
  readonly private?: boolean;
  /** A file, or a file per condition. */
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package of the workspace. */
export interface WorkspacePackage {
  readonly folder: string;
  readonly manifest: PackageManifest;
}

/** The packages that are published, by folder name. */
export function publishedPackages(): WorkspacePackage[] {
  return readdirSync(join(ROOT, "packages"))
    .toSorted()
    .map((name): WorkspacePackage => {
      const folder = join(ROOT, "packages", name);
      return { folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
    })
    .filter(({ manifest }) => manifest.private !== true);
}

/** The path of a command from the dependencies of `scripts/package.json`, independent of PATH. */
export function toolPath(command: string): string {
  return join(ROOT, "scripts", "node_modules", ".bin", command);
}
