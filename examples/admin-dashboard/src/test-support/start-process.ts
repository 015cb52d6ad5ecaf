import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

type Environment = Readonly<Record<string, string>>;

/** A Node process of the example. */
export interface StartedProcess {
  /** The next line of its output that the function accepts. Rejects if the process ends first. */
  line<T>(take: (line: string) => T | undefined): Promise<T>;
  write(line: string): void;
  /** Stops it, by force if it does not exit by itself. */
  stop(): Promise<void>;
}

/** Starts one of this example's programs with only the given environment. */
export function startProcess(program: string, env: Environment): StartedProcess {
  const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [path], {
    env: { PATH: process.env.PATH, ...env },
    stdio: "pipe",
  });
  const { stdout, stderr, stdin } = child;
  if (stdout === null || stderr === null || stdin === null) throw new Error("the process has no pipes");
  let said = "";
  stderr.on("data", (data) => {
    said += String(data);
  });
  const ended = once(child, "exit");
  const lines: string[] = [];
  let wake: () => void = () => {};
  createInterface({ input: stdout }).on("line", (line) => {
    lines.push(line);
    wake();
  });

  return {
    async line(take) {
      for (;;) {
        for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
          const taken = take(line);
          if (taken !== undefined) return taken;
        }
        const more = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([
          more,
          ended.then(([code]) => {
            throw new Error(`${program} ended with ${code}: ${said}`);
          }),
        ]);
      }
    },
    write: (line) => void stdin.write(`${line}\n`),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(force);
    },
  };
}

/** A running dashboard process. */
export interface StartedDashboard extends StartedProcess {
  readonly url: string;
}

export const TOKEN = "token-for-browser-tests";

/** Starts the dashboard as its own command does, and waits until it listens. */
export async function startDashboardProcess(env: Environment): Promise<StartedDashboard> {
  const started = startProcess("main.ts", { PORT: "0", DASHBOARD_TOKEN: TOKEN, ...env });
  const url = await started.line((line) => /(http:\/\/\S+)\/#token=/.exec(line)?.[1]);
  return { ...started, url };
}

/** The report of another process of the service about one call. */
export interface WorkerAnswer {
  readonly provider?: string;
  readonly model?: string;
  readonly settingsVersion?: number | null;
  readonly error?: string;
}

/** Another process of the same service, which makes calls on request. */
export interface StartedWorker extends StartedProcess {
  call(): Promise<WorkerAnswer>;
}

/** Starts a worker and waits until it is ready to call. */
export async function startWorkerProcess(env: Environment): Promise<StartedWorker> {
  const started = startProcess("worker.ts", env);
  await started.line((line) => (line.includes('"ready"') ? true : undefined));
  return {
    ...started,
    call() {
      started.write("Say one word.");
      return started.line((line): WorkerAnswer | undefined => (line.startsWith("{") ? JSON.parse(line) : undefined));
    },
  };
}
