import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Folders with a package.json: each is a project under its package's name. */
const folders = ["packages", "examples", "."].flatMap((parent) =>
  readdirSync(join(import.meta.dirname, parent)).map((name) => join(parent, name)),
);
const projects = folders
  .filter((folder) => existsSync(join(import.meta.dirname, folder, "package.json")))
  .filter((folder) => !folder.includes("node_modules"))
  .map((root) => {
    const { name }: { name: string } = JSON.parse(
      readFileSync(join(import.meta.dirname, root, "package.json"), "utf8"),
    );
    return {
      extends: true as const,
      test: {
        name,
        root,
        // Tests that start servers and browsers run by `pnpm test:servers`.
        exclude: ["**/node_modules/**", "**/dist/**", "**/*.{server,browser}.test.{ts,tsx}"],
      },
    };
  });

/** With `FULL_TIMINGS=1` the sixteen faults last as long as they do out there: minutes instead of seconds. */
const provide = { fullTimings: process.env.FULL_TIMINGS === "1" };

const config: ViteUserConfig = defineConfig({ test: { projects, provide, testTimeout: 20_000, hookTimeout: 20_000 } });

export default config;
