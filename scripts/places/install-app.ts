import { join } from "node:path";
import type { PackedPackage } from "../pack-packages.ts";
import { layOutApp } from "./lay-out-app.ts";
import { runProgram } from "./run-program.ts";

/** The time limit of an installation, in milliseconds. */
const LIMIT_MS = 420_000;

const INSTALL: Readonly<Record<"npm" | "pnpm", readonly string[]>> = {
  npm: ["install", "--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock"],
  pnpm: ["install", "--prefer-offline", "--ignore-workspace", "--no-frozen-lockfile"],
};

/** Installs an application of `places/` with the packed packages, outside the workspace. Returns its folder. */
export async function installApp(
  app: string,
  packed: readonly PackedPackage[],
  target: string,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(target, app);
  layOutApp(app, packed, folder);
  const command = app === "pnpm" ? "pnpm" : "npm";
  await runProgram({
    command,
    args: INSTALL[command],
    cwd: folder,
    env: { ...process.env, CI: "true" },
    limitMs: LIMIT_MS,
    signal,
  });
  return folder;
}
