import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { afterAll, expect, it } from "vitest";
import { publishedPackages, ROOT, toolPath } from "./workspace.ts";

/** Inside the repository, so that its compiler options apply to the examples, in an ignored folder. */
const HOST = join(ROOT, "node_modules", ".cache");
mkdirSync(HOST, { recursive: true });
const folder = mkdtempSync(join(HOST, "examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function guides(): string[] {
  const guide = join(ROOT, "docs", "guide");
  return readdirSync(guide)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(guide, name));
}

const pages = [
  join(ROOT, "README.md"),
  join(ROOT, "docs", "home.md"),
  ...publishedPackages().map((each) => join(each.folder, "README.md")),
  ...guides(),
].filter((page) => existsSync(page));

/** The packages that a reader of the page has installed, in addition to ours. */
function install(): void {
  const own = publishedPackages().map((each): [string, string] => [each.manifest.name, each.folder]);
  const others = Object.entries({
    "@opentelemetry/api": "packages/telemetry/node_modules/@opentelemetry/api",
    "@opentelemetry/context-async-hooks": "packages/telemetry/node_modules/@opentelemetry/context-async-hooks",
    "@opentelemetry/sdk-metrics": "packages/telemetry/node_modules/@opentelemetry/sdk-metrics",
    "@opentelemetry/sdk-trace": "packages/telemetry/node_modules/@opentelemetry/sdk-trace",
    hono: "examples/admin-dashboard/node_modules/hono",
    "@hono/node-server": "examples/admin-dashboard/node_modules/@hono/node-server",
    "@redis/client": "packages/storage/node_modules/@redis/client",
    keyv: "packages/settings-store/node_modules/keyv",
    "@keyv/sqlite": "packages/settings-store/node_modules/@keyv/sqlite",
    "@keyv/redis": "packages/settings-store/node_modules/@keyv/redis",
    openai: "packages/provider-openai-compatible/node_modules/openai",
    react: "packages/admin-react/node_modules/react",
    "@types/react": "packages/admin-react/node_modules/@types/react",
    valibot: "packages/llm-core/node_modules/valibot",
    vitest: "node_modules/vitest",
    zod: "packages/llm-core/node_modules/zod",
  }).map(([name, target]): [string, string] => [name, join(ROOT, target)]);
  for (const [name, target] of [...own, ...others]) {
    const path = join(folder, "node_modules", name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(realpathSync(target), path);
  }
}

/** The TypeScript blocks of a page. */
function blocks(page: string): string[] {
  return [...readFileSync(page, "utf8").matchAll(/^```tsx?\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
}

it("every code block of the README, the packages' READMEs and the guides compiles", () => {
  install();
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
    compilerOptions: {
      types: ["node"],
      jsx: "react-jsx",
      isolatedDeclarations: false,
      declaration: false,
      noUnusedLocals: false,
    },
    include: ["*.tsx"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  let output = "";
  try {
    execFileSync(toolPath("tsc"), ["-p", folder], { encoding: "utf8" });
  } catch (error) {
    output = error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
  }
  expect(output).toBe("");
}, 120_000);

it("the example of the README is short", () => {
  const [example = ""] = blocks(join(ROOT, "README.md"));
  expect(
    example
      .trim()
      .split("\n")
      .filter((line) => line.trim() !== "").length,
  ).toBeLessThanOrEqual(12);
});
