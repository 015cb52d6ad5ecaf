import { execFileSync } from "node:child_process";
import { startRedis } from "../../../settings-store/src/test-support/start-redis.ts";
import { startTcpProxy } from "../../../settings-store/src/test-support/start-tcp-proxy.ts";
import type { ServerPair } from "./server-pair.ts";
import { waitUntil } from "./wait-until.ts";

const command = (url: string, ...words: readonly string[]): string =>
  execFileSync("redis-cli", ["-p", new URL(url).port, ...words], { encoding: "utf8", timeout: 10_000 }).trim();

/** Starts both, and waits until they are in sync. */
export async function startRedisPair(): Promise<ServerPair> {
  const primary = await startRedis();
  const replica = await startRedis({ replicaOf: primary.url });
  const address = await startTcpProxy(primary.url);
  const info = (url: string, field: string): string =>
    new RegExp(`^${field}:(.*?)\\r?$`, "m").exec(command(url, "info", "replication"))?.[1] ?? "";
  await waitUntil("they are in sync", () => info(replica.url, "master_link_status") === "up");
  return {
    url: address.url,
    async cutReplication() {
      await waitUntil(
        "the replica has everything",
        () => info(primary.url, "master_repl_offset") === info(replica.url, "slave_repl_offset"),
      );
      command(replica.url, "replicaof", "no", "one");
    },
    async failOver() {
      await primary.kill();
      address.pointTo(replica.url);
    },
    async stop() {
      await address.close();
      await replica.stop();
      await primary.stop();
    },
  };
}
