import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

const PEERS = ["openai", "@anthropic-ai/sdk", "ai", "@ai-sdk/openai", "ai-fallback", "@langchain/openai"];

/** The installed version of a dependency of this folder. */
function versionOf(name: string): string {
  const path = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(path, "utf8"));
  return version;
}

/** The machine and the versions of the measurement, as text. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const [load = 0] = loadavg();
  const versions = PEERS.map((name) => `${name} ${versionOf(name)}`).join(", ");
  const { node, undici } = process.versions;
  return [
    `Node ${node} (undici ${undici}) on ${process.platform} ${process.arch}, ${cpus().length} cores`,
    `(${cpu?.model.trim() || "unknown model"}), ${memory} GB; load average at the end ${load.toFixed(1)}.`,
    `Peers: ${versions}.`,
  ].join("\n");
}
