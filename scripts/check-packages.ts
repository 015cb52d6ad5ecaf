/**
 * Checks the packages as they would be published: packs each one, lints the tarball's manifest (publint) and its types
 * (arethetypeswrong, ESM), and looks for files that do not belong into it. Needs a build.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAll, type Task } from "./run-all.ts";
import { publishedPackages } from "./workspace.ts";

const target = mkdtempSync(join(tmpdir(), "packed-"));
const ALLOWED = /^package\/(?:dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/;
let failed = 0;
try {
  const tasks: Task[] = [];
  for (const { folder, manifest } of publishedPackages()) {
    const packed = execFileSync("pnpm", ["pack", "--pack-destination", target, "--json"], { cwd: folder, encoding: "utf8" });
    const { filename }: { filename: string } = JSON.parse(packed.slice(packed.indexOf("{")));
    const files = execFileSync("tar", ["-tzf", filename], { encoding: "utf8" }).trim().split("\n");
    const strays = files.filter((file) => !ALLOWED.test(file) || /\.test\./.test(file));
    if (strays.length > 0) {
      failed += 1;
      console.log(`FAIL ${manifest.name}: not for the tarball: ${strays.join(", ")}`);
    }
    tasks.push({ label: `publint ${manifest.name}`, command: "publint", args: ["run", filename, "--strict"], cwd: folder });
    tasks.push({ label: `types of ${manifest.name}`, command: "attw", args: [filename, "--profile", "esm-only"], cwd: folder });
  }
  failed += await runAll(tasks);
} finally {
  rmSync(target, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
