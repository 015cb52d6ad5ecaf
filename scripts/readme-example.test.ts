import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, expect, it } from "vitest";
import { publishedPackages, ROOT } from "./workspace.ts";

/** Inside the package that has every other one as a dependency, so that the examples find what they import. */
const HOST = join(ROOT, "packages", "llm", "node_modules", ".cache");
mkdirSync(HOST, { recursive: true });
const folder = mkdtempSync(join(HOST, "examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function guides(): string[] {
  const guide = join(ROOT, "docs", "guide");
  return readdirSync(guide).filter((name) => name.endsWith(".md")).map((name) => join(guide, name));
}

const pages = [
  join(ROOT, "README.md"),
  ...publishedPackages().map((each) => join(each.folder, "README.md")),
  ...guides(),
];

/** The TypeScript blocks of a page. */
function blocks(page: string): string[] {
  return [...readFileSync(page, "utf8").matchAll(/^```tsx?\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
}

it("every code block of the README, the packages' READMEs and the guides compiles", () => {
  const files: string[] = [];
  for (const page of pages) {
    for (const [index, code] of blocks(page).entries()) {
      const name = `${relative(ROOT, page).replaceAll(/[^a-z]+/gi, "-")}-${index + 1}.tsx`;
      writeFileSync(join(folder, name), `// ${relative(ROOT, page)}, block ${index + 1}\n${code}\nexport {};\n`);
      files.push(name);
    }
  }
  expect(files.length).toBeGreaterThan(pages.length - 3);
  const config = {
    extends: join(ROOT, "tsconfig.base.json"),
    compilerOptions: { types: ["node"], jsx: "react-jsx", isolatedDeclarations: false, declaration: false, noUnusedLocals: false },
    include: ["*.tsx"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  let output = "";
  try {
    execFileSync("tsc", ["-p", folder], { encoding: "utf8" });
  } catch (error) {
    output = error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
  }
  expect(output).toBe("");
}, 120_000);

it("the README's example is short", () => {
  const [example = ""] = blocks(join(ROOT, "README.md"));
  expect(example.trim().split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(12);
});
