import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  endProcess,
  freePort,
  isAlive,
  killAll,
  type Launched,
  launch,
  processTree,
  type RunningServer,
  signalAll,
} from "./run-server.ts";

const DEBIAN = "/usr/lib/postgresql";

/** The directory of Postgres's programs; `null` where it is not installed. */
export function findPostgres(): string | null {
  try {
    const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
    const [newest] = versions;
    return newest === undefined ? null : join(DEBIAN, newest, "bin");
  } catch {
    return null;
  }
}

/** `initdb` refuses to run as root, so the server then runs as another user. */
function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const user = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
  if (user === undefined) throw new Error("no user to run Postgres as");
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Options of {@link startPostgres}. */
export interface StartPostgresOptions {
  /** The URL of the server whose standby it is. */
  readonly standbyOf?: string;
}

/** Starts a separate Postgres with its own database, over TCP with a password. */
export async function startPostgres({ standbyOf }: StartPostgresOptions = {}): Promise<RunningServer> {
  const bin = findPostgres() ?? "";
  const port = await freePort();
  const user = unprivilegedUser();
  const directory = mkdtempSync(join(tmpdir(), "babylon-postgres-"));
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, "secret-of-tests\n");
  if (user !== undefined) for (const path of [directory, passwordFile]) chownSync(path, user.uid, user.gid);
  const data = join(directory, "data");
  const run = (program: string, args: readonly string[]): void =>
    void execFileSync(join(bin, program), args, { stdio: "ignore", cwd: directory, ...user });
  if (standbyOf === undefined) {
    run("initdb", ["-D", data, "-U", "babylon", "--pwfile", passwordFile, "--auth=scram-sha-256", "--no-sync"]);
  } else run("pg_basebackup", ["-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", standbyOf]);
  const args = ["-D", data, "-p", String(port), "-k", directory, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"];
  let launched: Launched | undefined;
  async function start(): Promise<void> {
    if (launched !== undefined && isAlive(launched.child)) return;
    // A standby is ready for connections that only read.
    const ready = `ready to accept ${standbyOf === undefined ? "" : "read-only "}connections`;
    launched = await launch(join(bin, "postgres"), args, ready, { cwd: directory, ...user });
  }
  await start();
  const tree = () => (launched?.child.pid === undefined ? [] : processTree(launched.child.pid));
  return {
    url: `postgres://babylon:secret-of-tests@127.0.0.1:${port}/postgres`,
    async kill() {
      if (launched === undefined) return;
      const below = tree();
      await endProcess(launched.child, "SIGKILL");
      // While one of them holds the shared memory, the next server does not start.
      await killAll(below);
    },
    // Each connection has a separate process.
    freeze: () => signalAll(tree(), "SIGSTOP"),
    resume: () => signalAll(tree(), "SIGCONT"),
    start,
    async stop() {
      signalAll(tree(), "SIGCONT");
      if (launched !== undefined) await endProcess(launched.child, "SIGQUIT");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
