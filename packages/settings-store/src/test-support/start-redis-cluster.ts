import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endProcess, freePorts, type Launched, launch } from "./run-server.ts";

/** A cluster that a test started and controls. */
export interface RunningCluster {
  /** One for each node. */
  readonly urls: readonly string[];
  /** Runs a command on a node, as `redis-cli` prints its answer. */
  command(node: number, ...command: readonly string[]): string;
  /** Kills a node and starts it again, with what it had stored. */
  restart(node: number): Promise<void>;
  stop(): Promise<void>;
}

/** The slots of each node. */
const RANGES = [
  [0, 5_460],
  [5_461, 10_922],
  [10_923, 16_383],
] as const;

interface Node {
  readonly port: number;
  /** The cluster bus has a separate port; the default offset exceeds the maximum for some free ports. */
  readonly busPort: number;
  launched: Launched;
}

/** Starts three nodes in cluster mode that share the slots among them, without replicas. */
export async function startRedisCluster({ password }: { readonly password: string }): Promise<RunningCluster> {
  const directory = mkdtempSync(join(tmpdir(), "babylon-cluster-"));
  const ports = await freePorts(2 * RANGES.length);
  const nodes: Node[] = [];

  function start(port: number, busPort: number): Promise<Launched> {
    const args = ["--port", String(port), "--cluster-port", String(busPort), "--bind", "127.0.0.1", "--dir", directory];
    args.push("--save", "", "--appendonly", "yes", "--appenddirname", `${port}.aof`, "--cluster-enabled", "yes");
    args.push("--cluster-config-file", join(directory, `${port}.conf`), "--requirepass", password);
    return launch("redis-server", args, "Ready to accept connections");
  }

  function command(node: number, ...words: readonly string[]): string {
    const args = ["-p", String(nodes[node]?.port), "-a", password, "--no-auth-warning", ...words];
    return execFileSync("redis-cli", args, { encoding: "utf8", timeout: 10_000 }).trim();
  }

  async function stop(): Promise<void> {
    for (const { launched } of nodes) await endProcess(launched.child, "SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  }

  async function waitUntilFormed(): Promise<void> {
    const isFormed = (node: number) => command(node, "cluster", "info").includes("cluster_state:ok");
    for (let wait = 0; !nodes.every((_, node) => isFormed(node)); wait++) {
      if (wait === 400) throw new Error("the cluster did not form in time");
      await sleep(25);
    }
  }

  for (const [node, [first, last]] of RANGES.entries()) {
    const [port = 0, busPort = 0] = ports.slice(2 * node);
    nodes.push({ port, busPort, launched: await start(port, busPort) });
    command(node, "cluster", "addslotsrange", String(first), String(last));
    if (node > 0) command(0, "cluster", "meet", "127.0.0.1", String(port), String(busPort));
  }
  try {
    await waitUntilFormed();
  } catch (thrown) {
    await stop();
    throw thrown;
  }

  return {
    urls: nodes.map(({ port }) => `redis://:${password}@127.0.0.1:${port}`),
    command,
    async restart(node) {
      const found = nodes[node];
      if (found === undefined) throw new Error("no such node");
      await endProcess(found.launched.child, "SIGKILL");
      found.launched = await start(found.port, found.busPort);
    },
    stop,
  };
}
