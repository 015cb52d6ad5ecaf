import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from "vitest/config";

/** Folders with a package.json: each is a project under its package's name. */
const folders = ["packages", "examples", "."].flatMap((parent) =>
  readdirSync(join(import.meta.dirname, parent)).map((name) => join(parent, name)),
);

const SKIPPED = ["**/node_modules/**", "**/dist/**"];
const TIMING = "**/*.timing.test.ts";

/**
 * Two groups, one after the other: tests that only check, of which many wait, and then those that measure CPU time or memory of their own
 * process, one at a time.
 */
function projectsOf(root: string): readonly TestProjectInlineConfiguration[] {
  const { name }: { name: string } = JSON.parse(readFileSync(join(import.meta.dirname, root, "package.json"), "utf8"));
  const checks = {
    name,
    root,
    // Tests that start servers and browsers, and long ones, run by `pnpm test:servers`.
    exclude: [...SKIPPED, "**/*.{server,browser,long}.test.{ts,tsx}", TIMING],
    maxWorkers: 3,
    sequence: { groupOrder: 0 },
  };
  const timings = {
    name: `${name} timing`,
    root,
    include: [TIMING],
    exclude: SKIPPED,
    maxWorkers: 1,
    sequence: { groupOrder: 1 },
  };
  return [
    { extends: true, test: checks },
    { extends: true, test: timings },
  ];
}

const projects = folders
  .filter((folder) => existsSync(join(import.meta.dirname, folder, "package.json")))
  .filter((folder) => !folder.includes("node_modules"))
  .flatMap(projectsOf);

/** With `FULL_TIMINGS=1` the sixteen faults last as long as they do out there: minutes instead of seconds. */
const provide = { fullTimings: process.env.FULL_TIMINGS === "1" };

const config: ViteUserConfig = defineConfig({ test: { projects, provide, testTimeout: 20_000, hookTimeout: 20_000 } });

export default config;
