/** The installed command prints its status as JSON: exit code 1 for an empty chain (no key), 0 with a key. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const folder = join("node_modules", "@babylon", "llm");
const { bin }: { bin: Record<string, string> } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const command = resolve(folder, bin["babylon-llm"] ?? "");

interface Status {
  readonly ok: boolean;
  readonly links: readonly { readonly provider: string }[];
  readonly skipped: readonly { readonly provider: string; readonly reason: string }[];
}

// A directory without an `.env` and without settings.
const cwd = mkdtempSync(join(tmpdir(), "run-command-"));

function status(env: Record<string, string>): { code: number | null; said: Status } {
  const ran = spawnSync(process.execPath, [command, "status", "--json"], {
    cwd,
    env,
    encoding: "utf8",
    timeout: 30_000,
  });
  assert.equal(ran.stderr, "");
  return { code: ran.status, said: JSON.parse(ran.stdout) };
}

try {
  const without = status({});
  assert.equal(without.code, 1);
  assert.equal(without.said.ok, false);
  assert.deepEqual(without.said.links, []);
  assert.deepEqual(
    without.said.skipped.map(({ reason }) => reason),
    ["WANDB", "GROQ", "ANTHROPIC", "OPENAI"].map((name) => `no key: set ${name}_API_KEY`),
  );

  const withKey = status({ GROQ_API_KEY: "unused-key" });
  assert.equal(withKey.code, 0);
  assert.equal(withKey.said.ok, true);
  assert.deepEqual(
    withKey.said.links.map(({ provider }) => provider),
    ["groq"],
  );
} finally {
  rmSync(cwd, { recursive: true });
}
