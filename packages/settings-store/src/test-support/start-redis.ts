import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcess, freePort, isAlive, type Launched, launch, type RunningServer, signalAll } from "./run-server.ts";

/** Options of {@link startRedis}. */
export interface StartRedisOptions {
  readonly password?: string;
  readonly program?: "redis-server" | "valkey-server";
  /** The URL of the server whose replica it is. */
  readonly replicaOf?: string;
  /** Files of a certificate and its key: the server takes connections over TLS only. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Starts a separate Redis, or a compatible server, without persistence. */
export async function startRedis(options: StartRedisOptions = {}): Promise<RunningServer> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "babylon-redis-"));
  const { tls } = options;
  const ports = ["--port", tls === undefined ? String(port) : "0"];
  if (tls !== undefined) {
    ports.push("--tls-port", String(port), "--tls-auth-clients", "no");
    ports.push("--tls-cert-file", tls.cert, "--tls-key-file", tls.key, "--tls-ca-cert-file", tls.cert);
  }
  const args = [...ports, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory];
  if (options.password !== undefined) args.push("--requirepass", options.password);
  if (options.replicaOf !== undefined) args.push("--replicaof", "127.0.0.1", new URL(options.replicaOf).port);
  let launched: Launched | undefined;
  async function start(): Promise<void> {
    if (launched !== undefined && isAlive(launched.child)) return;
    launched = await launch(options.program ?? "redis-server", args, "Ready to accept connections");
  }
  await start();
  const signal = (name: NodeJS.Signals) =>
    signalAll(launched?.child.pid === undefined ? [] : [launched.child.pid], name);
  const kill = async () => {
    if (launched !== undefined) await endProcess(launched.child, "SIGKILL");
  };
  const credentials = options.password === undefined ? "" : `:${options.password}@`;
  return {
    url: `${tls === undefined ? "redis" : "rediss"}://${credentials}127.0.0.1:${port}`,
    kill,
    freeze: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
    start,
    async stop() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
