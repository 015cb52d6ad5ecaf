import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishedPackages } from "./workspace.ts";

/** A third-party package that is installed with ours. */
export interface Licensed {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Our packages that depend on it, directly or indirectly. */
  readonly broughtBy: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The folder of a dependency, resolved like Node from a package's real folder; `null`: not installed. */
function folderOf(name: string, from: string): string | null {
  for (let at = from; at !== dirname(at); at = dirname(at)) {
    const candidate = join(at, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
  }
  return null;
}

/**
 * All transitive dependencies of our packages, without peers, which the user chooses, and without optional ones, which differ by machine.
 */
export function listLicences(): Licensed[] {
  const ours = publishedPackages();
  const names = new Set(ours.map(({ manifest }) => manifest.name));
  const found = new Map<string, { manifest: Manifest; broughtBy: Set<string> }>();
  for (const { folder, manifest } of ours) {
    const waiting = [{ from: folder, dependencies: manifest.dependencies ?? {} }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const name of Object.keys(next.dependencies).filter((each) => !names.has(each))) {
        const at = folderOf(name, next.from);
        if (at === null) throw new Error(`${name} is not installed: run the install first`);
        const theirs: Manifest = JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
        const known = found.get(at) ?? { manifest: theirs, broughtBy: new Set() };
        found.set(at, known);
        if (known.broughtBy.has(manifest.name)) continue;
        known.broughtBy.add(manifest.name);
        waiting.push({ from: at, dependencies: theirs.dependencies ?? {} });
      }
    }
  }
  return [...found.values()]
    .map(({ manifest, broughtBy }) => ({
      name: manifest.name,
      version: manifest.version,
      licence: manifest.license ?? "unknown",
      broughtBy: [...broughtBy].toSorted(),
    }))
    .toSorted((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** The list as a Markdown page. */
export function licencePage(list: readonly Licensed[]): string {
  const rows = list.map(
    ({ name, version, licence, broughtBy }) =>
      `| \`${name}\` | ${version} | ${licence} | ${broughtBy.map((each) => each.replace("@babylon/", "")).join(", ")} |`,
  );
  return [
    "# Licences",
    "",
    "The packages here are MIT. These come with them when they are installed; peers, which you choose, are not in the list. Written by",
    "`npx -y pnpm@10 licences`.",
    "",
    "| package | version | licence | comes with |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
