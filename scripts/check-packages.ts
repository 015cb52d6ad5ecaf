/**
 * Checks the packages as published: packs each one, checks the content of the tarball, its manifest (publint) and its types
 * (arethetypeswrong, ESM), compares its size with a budget, and uses all of them, unpacked, in an application outside the workspace.
 * Needs a build.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layOutPacked } from "./lay-out-packed.ts";
import { packPackages } from "./pack-packages.ts";
import { entrySizes } from "./package-sizes.ts";
import { runAll, type Task } from "./run-all.ts";
import { tarballProblems } from "./tarball-problems.ts";
import { toolPath } from "./workspace.ts";

const target = mkdtempSync(join(tmpdir(), "packed-"));
let failed = 0;
try {
  const packed = packPackages(target);
  const tasks: Task[] = [];
  for (const each of packed) {
    const { manifest, tarball } = each;
    const problems = tarballProblems(each);
    if (problems.length > 0) {
      failed += 1;
      console.log(`FAIL ${manifest.name}: ${problems.join("; ")}`);
    }
    // Style sheets have no types.
    const styles = Object.keys(manifest.exports ?? {}).filter((entry) => entry.endsWith(".css"));
    const left = styles.length > 0 ? ["--exclude-entrypoints", ...styles] : [];
    const types = [tarball, "--profile", "esm-only", "--no-definitely-typed", ...left];
    tasks.push(
      {
        label: `publint ${manifest.name}`,
        command: toolPath("publint"),
        args: ["run", tarball, "--strict"],
        cwd: target,
      },
      { label: `types of ${manifest.name}`, command: toolPath("attw"), args: types, cwd: target },
    );
  }
  const app = join(target, "app");
  layOutPacked(packed, app);
  for (const { manifest } of packed) {
    for (const { entry, bytes, budget } of await entrySizes(join(app, "node_modules", manifest.name))) {
      const fits = budget !== null && bytes <= budget;
      if (!fits) failed += 1;
      console.log(`${fits ? "ok  " : "FAIL"} size of ${entry}: ${bytes} of ${budget ?? "no budget"} bytes`);
    }
  }
  for (const { manifest } of packed) {
    for (const [name, file] of Object.entries(manifest.bin ?? {})) {
      const command = join(app, "node_modules", manifest.name, file);
      if (!readFileSync(command, "utf8").startsWith("#!/usr/bin/env node\n")) {
        failed += 1;
        console.log(`FAIL ${name} has no first line that names node`);
      }
      tasks.push({ label: `packed: ${name} --help`, command: process.execPath, args: [command, "--help"], cwd: app });
    }
  }
  for (const file of ["import-all.ts", "require-all.cjs", "call-all.ts", "keep-settings.ts", "run-command.ts"]) {
    tasks.push({ label: `packed: ${file}`, command: process.execPath, args: [file], cwd: app });
  }
  tasks.push({ label: "packed: types", command: toolPath("tsc"), args: ["-p", "."], cwd: app });
  failed += await runAll(tasks);
} finally {
  rmSync(target, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
