import { describe, expect, it } from "vitest";
import { tarballProblems } from "./tarball-problems.ts";

const files = ["package/package.json", "package/README.md", "package/LICENSE", "package/dist/index.js"];
const manifest = { name: "x", exports: { ".": { default: "./dist/index.js" } }, dependencies: { openai: "^7.0.0" } };

const CASES = [
  { name: "a tarball that is right", files, manifest, problems: [] },
  {
    name: "a dashboard and alerts",
    files: [...files, "package/grafana/babylon-llm.json", "package/alerts/babylon.yml"],
    manifest,
    problems: [],
  },
  {
    name: "tests of alerts",
    files: [...files, "package/alerts/babylon.test.yml"],
    manifest,
    problems: ["package/alerts/babylon.test.yml must not be in the tarball"],
  },
  {
    name: "a test",
    files: [...files, "package/dist/index.test.js"],
    manifest,
    problems: ["package/dist/index.test.js must not be in the tarball"],
  },
  {
    name: "a source",
    files: [...files, "package/src/index.ts"],
    manifest,
    problems: ["package/src/index.ts must not be in the tarball"],
  },
  {
    name: "no licence",
    files: files.filter((file) => !file.endsWith("LICENSE")),
    manifest,
    problems: ["package/LICENSE is missing"],
  },
  {
    name: "an entry that was not built",
    files,
    manifest: { ...manifest, bin: { x: "./dist/cli.js" } },
    problems: ["./dist/cli.js is in package.json but not in the tarball"],
  },
  {
    name: "the workspace's exports",
    files: [...files, "package/dist/a.js"],
    manifest: { ...manifest, exports: { ".": "./src/index.ts" } },
    problems: ["./src/index.ts is in package.json but not in the tarball", "./src/index.ts is exported but not built"],
  },
  {
    name: "a range of the workspace",
    files,
    manifest: { ...manifest, peerDependencies: { y: "workspace:*" } },
    problems: ["y is workspace:*, which is invalid outside the workspace"],
  },
];

describe("tarballProblems", () => {
  it.each(CASES)("$name", ({ problems, ...tarball }) => {
    expect(tarballProblems(tarball)).toEqual(problems);
  });
});
