import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { makeFolder } from "./make-folder.ts";

it("creates a folder and its missing parents, and accepts an existing folder", () => {
  const root = mkdtempSync(join(tmpdir(), "make-folder-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const path = join(root, "a", "b", "c");
  makeFolder(path);
  makeFolder(path);
  expect(existsSync(path)).toBe(true);
  writeFileSync(join(root, "file"), "");
  expect(() => makeFolder(join(root, "file", "below"))).toThrow(/ENOTDIR/);
});

it.runIf(existsSync("/proc"))("fails at once if the system does not permit a new folder", () => {
  expect(() => makeFolder("/proc/nope/data")).toThrow(/ENOENT/);
});
