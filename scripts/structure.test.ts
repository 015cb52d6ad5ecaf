import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const packages = globSync("packages/*/src", { cwd: root });

/** The published files of a folder: no tests, no test support. */
function sourcesOf(folder: string): readonly string[] {
  return globSync("**/*.{ts,tsx}", { cwd: join(root, folder) }).filter(
    (path) => !/\.(test|test-d)\.|(^|\/)(test-support|fixtures|proof)\//.test(path),
  );
}

/** Relative imports and re-exports of one file, also type-only ones, as paths below `folder`. */
function importsOf(folder: string, path: string): readonly string[] {
  const text = readFileSync(join(root, folder, path), "utf8");
  return [...text.matchAll(/^(?:import|export)\b(?:[^;"]*?\bfrom)? "(\.[^"]+)";/gms)].map(([, target = ""]) =>
    relative(".", join(dirname(path), target)),
  );
}

/** The packages of this repository that a package needs at run time. */
function packageImports(folder: string): readonly string[] {
  const manifest: { dependencies?: object } = JSON.parse(readFileSync(join(root, folder, "../package.json"), "utf8"));
  return Object.keys(manifest.dependencies ?? {}).flatMap((name) =>
    name.startsWith("@babylon/") ? [`packages/${name.slice("@babylon/".length)}/src`] : [],
  );
}

/** The first import cycle, or `null`. */
function importCircle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  function walk(path: string, trail: readonly string[]): readonly string[] | null {
    const at = trail.indexOf(path);
    if (at !== -1) return [...trail.slice(at), path];
    if (done.has(path)) return null;
    for (const target of graph.get(path) ?? []) {
      const circle = walk(target, [...trail, path]);
      if (circle !== null) return circle;
    }
    done.add(path);
    return null;
  }
  for (const path of graph.keys()) {
    const circle = walk(path, []);
    if (circle !== null) return circle;
  }
  return null;
}

describe.each(packages)("%s", (folder) => {
  const sources = sourcesOf(folder);

  it("has no import cycle", () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(importCircle(new Map(sources.map((path) => [path, importsOf(folder, path)])))).toBeNull();
  });

  it("has at most a dozen files in its root", () => {
    expect(sources.filter((path) => !path.includes("/")).length).toBeLessThanOrEqual(12);
  });
});

it("packages do not depend on each other in a circle", () => {
  expect(importCircle(new Map(packages.map((folder) => [folder, packageImports(folder)])))).toBeNull();
});

it("finds an import cycle", () => {
  expect(
    importCircle(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
  ).toEqual(["b", "c", "b"]);
  expect(
    importCircle(
      new Map([
        ["a", ["b", "c"]],
        ["b", ["c"]],
        ["c", []],
      ]),
    ),
  ).toBeNull();
});

/** Adapters of different vendors have counterparts of the same name. */
const isAdapter = (path: string): boolean => /^packages\/provider-(?!kit)/.test(path);

it("an exported name means one thing in the whole repository", () => {
  const files = new Map<string, string[]>();
  for (const folder of packages) {
    // The entry without stores has the functions of the whole one.
    for (const path of sourcesOf(folder).filter((source) => !source.startsWith("without-stores/"))) {
      const text = readFileSync(join(root, folder, path), "utf8");
      const exported = /^export (?:declare )?(?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;
      for (const name of new Set([...text.matchAll(exported)].map(([, found = ""]) => found))) {
        files.set(name, [...(files.get(name) ?? []), `${folder}/${path}`]);
      }
    }
  }
  const homonyms = [...files].filter(([, paths]) => paths.length > 1 && !paths.every(isAdapter));
  expect(homonyms).toEqual([]);
});

describe("the architecture page", () => {
  const page = readFileSync(join(root, "docs/guide/architecture.md"), "utf8");
  const files = [...page.matchAll(/`([a-z-]+(?:\/[a-z-]+)+\.tsx?)`|`(create-llm-client\.ts)`/g)].map(
    ([, path, top]) => path ?? top ?? "",
  );

  it.each(files)("names a file that exists: %s", (path) => {
    const candidates = [join(root, "packages", path), join(root, "packages/llm-core/src", path)];
    expect(candidates.some((candidate) => existsSync(candidate))).toBe(true);
  });

  it("names files", () => {
    expect(files.length).toBeGreaterThan(20);
  });
});
