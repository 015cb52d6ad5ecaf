import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { publishedPackages, ROOT } from "./workspace.ts";

interface DocsConfig {
  readonly entryPoints: readonly string[];
  readonly projectDocuments: readonly string[];
  readonly packageOptions: { readonly entryPoints: readonly string[] };
}

function readConfig<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

const config = readConfig<DocsConfig>(join(ROOT, "typedoc.json"));
if (config === null) throw new Error("there is no typedoc.json");
// Not below node_modules: typedoc requires no comments there.
const scratch = mkdtempSync(join(tmpdir(), "docs-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What a provider loads with its first call, in a file of its own. Not for callers, so it has no page. */
const UNDOCUMENTED_ENTRY = "./calls";

describe("the documentation site", () => {
  it("has every package with all its code entries", () => {
    const packages = publishedPackages();
    expect(config.entryPoints.toSorted()).toEqual(packages.map(({ folder }) => folder.slice(ROOT.length + 1)));
    for (const { folder, manifest } of packages) {
      const own = readConfig<{ entryPoints: string[] }>(join(folder, "typedoc.json"));
      const documented = own?.entryPoints ?? config.packageOptions.entryPoints;
      const code = Object.entries(manifest.exports ?? {}).flatMap(([entry, file]) =>
        /\.tsx?$/.test(String(file)) && entry !== UNDOCUMENTED_ENTRY ? [file] : [],
      );
      expect(documented.toSorted(), manifest.name).toEqual(
        code.map((file) => String(file).replace("./", "")).toSorted(),
      );
    }
  });

  it("has every guide, and the benchmarks", () => {
    const guides = readdirSync(join(ROOT, "docs", "guide")).map((name) => `docs/guide/${name}`);
    expect(config.projectDocuments.toSorted()).toEqual([...guides, "docs/benchmarks.md"].toSorted());
  });

  it.each([
    { code: "/** One more. */\nexport const next = (n: number): number => n + 1;", status: 0, says: "" },
    { code: "export const next = (n: number): number => n + 1;", status: 4, says: "next" },
    {
      code: "/** See {@link absentName}. */\nexport const next = (n: number): number => n + 1;",
      status: 4,
      says: "absentName",
    },
  ])(
    "fails for an export without a comment and a link without a target: $says",
    ({ code, status, says }) => {
      const folder = join(scratch, `package-${says}`);
      mkdirSync(join(folder, "src"), { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "x", version: "1.0.0", type: "module" }));
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({ extends: join(ROOT, "tsconfig.base.json"), include: ["src"] }),
      );
      writeFileSync(join(folder, "README.md"), "# x\n");
      writeFileSync(join(folder, "src", "index.ts"), `${code}\n`);
      const options = {
        ...config,
        entryPoints: [folder],
        projectDocuments: [],
        readme: "none",
        out: join(folder, "site"),
      };
      const file = join(folder, "docs.json");
      writeFileSync(file, JSON.stringify({ ...options, customCss: join(ROOT, "docs", "theme.css") }));
      const run = spawnSync("typedoc", ["--options", file, "--emit", "none"], { cwd: folder, encoding: "utf8" });
      const output = `${run.stdout}${run.stderr}`;
      expect(run.status, output).toBe(status);
      expect(output).toContain(says);
    },
    60_000,
  );
});
