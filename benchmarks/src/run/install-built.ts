import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");

interface Manifest {
  readonly name: string;
  readonly scripts: { readonly build: string };
  readonly exports: object;
  readonly publishConfig: { readonly exports: object };
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Builds a package and its workspace dependencies as for publishing, without types, and installs them into `node_modules` of a folder,
 * with links to their other dependencies.
 */
export function installBuilt(name: string, folder: string): void {
  const source = join(ROOT, "packages", name.slice("@babylon/".length));
  const target = join(folder, "node_modules", name);
  if (existsSync(target)) return;
  const manifest: Manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  mkdirSync(target, { recursive: true });
  const [command = "", ...args] = manifest.scripts.build
    .split(" ")
    .filter((word) => word !== "--dts" && word !== "--clean");
  const binary = join(ROOT, "node_modules", ".bin", command);
  execFileSync(binary, [...args, "--out-dir", join(target, "dist")], {
    cwd: source,
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(join(target, "package.json"), JSON.stringify({ ...manifest, exports: manifest.publishConfig.exports }));
  for (const needed of Object.keys(manifest.dependencies ?? {})) {
    if (needed.startsWith("@babylon/")) installBuilt(needed, folder);
    else link(join(source, "node_modules", needed), join(folder, "node_modules", needed));
  }
}

function link(from: string, to: string): void {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(realpathSync(from), to);
}
