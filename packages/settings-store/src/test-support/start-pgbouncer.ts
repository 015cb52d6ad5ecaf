import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";
import { endProcess, freePort, launch } from "./run-server.ts";

/** A PgBouncer in front of a Postgres. */
export interface RunningPgbouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one with up to ten connections to the server, in one of its pool modes. */
export async function startPgbouncer(
  postgresUrl: string,
  mode: "session" | "transaction" | "statement",
): Promise<RunningPgbouncer> {
  const server = new URL(postgresUrl);
  const directory = mkdtempSync(join(tmpdir(), "babylon-pgbouncer-"));
  // PgBouncer refuses to run as root; it then runs as another user, who has to be able to read this file.
  chmodSync(directory, 0o755);
  const port = await freePort();
  const users = join(directory, "users.txt");
  writeFileSync(users, `"${server.username}" "${server.password}"\n`);
  const config = join(directory, "pgbouncer.ini");
  writeFileSync(
    config,
    [
      "[databases]",
      `postgres = host=127.0.0.1 port=${server.port} dbname=postgres`,
      "[pgbouncer]",
      "listen_addr=127.0.0.1",
      `listen_port=${port}`,
      "unix_socket_dir=",
      "auth_type=plain",
      `auth_file=${users}`,
      `pool_mode=${mode}`,
      "default_pool_size=10",
    ].join("\n"),
  );
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const program = findProgram("pgbouncer") ?? "pgbouncer";
  const { child } = await launch(program, [...user, config], "process up: PgBouncer");
  return {
    url: `postgres://${server.username}:${server.password}@127.0.0.1:${port}/postgres`,
    async stop() {
      await endProcess(child, "SIGQUIT");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
