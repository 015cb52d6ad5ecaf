/**
 * Checks the types of the whole workspace with Node's types, and of each package with its own tsconfig: portable packages have no Node
 * types there, so a use of `Buffer` or `process` fails.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runAll } from "./run-all.ts";
import { publishedPackages, ROOT } from "./workspace.ts";

const projects = ["tsconfig.json", ...publishedPackages().map(({ folder }) => join(folder, "tsconfig.json"))];
const tasks = projects
  .filter((project) => existsSync(join(ROOT, project)) || existsSync(project))
  .map((project) => ({
    label: `types ${project.replace(`${ROOT}/`, "")}`,
    command: "tsc",
    args: ["-p", project],
    cwd: ROOT,
  }));
process.exitCode = (await runAll(tasks)) === 0 ? 0 : 1;
