import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ChildReply, ChildRequest } from "./child-messages.ts";
import type { Fault, FaultScope } from "./fault/fault.ts";
import type { RecordedRequest } from "./server/request-log.ts";
import type { SimulatorEnv } from "./server/simulated-keys.ts";
import { checkOptions, type SimulatorOptions } from "./server/simulator-options.ts";
import type { SimulatedProvider } from "./simulated-provider.ts";
import { SimulatorError } from "./simulator-error.ts";

/** A simulator in a separate process, which a test can kill, freeze and restart while a client calls it. */
export interface SpawnedSimulator {
  readonly url: string;
  readonly env: SimulatorEnv;
  /** `null` while no process runs. */
  readonly pid: number | null;
  /** Kills the process immediately (SIGKILL). Resolves when it has exited. */
  kill(): Promise<void>;
  /** Stops the process (SIGSTOP): its connections stay open without replies. */
  freeze(): void;
  /** Resumes a frozen process. */
  resume(): void;
  /** Kills a running process, and starts a new one on the same port, with the initial faults and an empty log. */
  restart(): Promise<void>;
  /** Sets a fault for a provider, with precedence over existing ones; `null` removes all faults of the provider, or of that model. */
  setFault(provider: SimulatedProvider, fault: Fault | null, scope?: FaultScope): Promise<void>;
  /** Removes all faults, including initial ones. */
  clearFaults(): Promise<void>;
  /** Clears requests and counters, and restores the initial faults. Hanging requests are disconnected. */
  reset(): Promise<void>;
  /** The requests that the running process received; without bodies unless `recordBodies` is true. */
  requests(): Promise<readonly RecordedRequest[]>;
  /** Ends the process. Resolves when it has exited. */
  close(): Promise<void>;
  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The entry file of the process: next to this file in the sources, below it in the build. */
const ENTRY: string = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./simulator/main.js", import.meta.url),
);

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  readonly env: SimulatorEnv;
}

/** Options of a spawned simulator, which are passed on the command line. */
export type SpawnOptions = Pick<SimulatorOptions, "port" | "seed" | "faults" | "recordBodies" | "maxConcurrency"> & {
  /** Delay before each reply, milliseconds. Default 0. */
  readonly latencyMs?: number | undefined;
};

/**
 * Starts a simulator in a separate process. The process ends with `close()`, and together with its parent process.
 *
 * @throws SimulatorError `invalid_option`, `listen_failed`
 */
export async function spawnProviderSimulator(options: SpawnOptions = {}): Promise<SpawnedSimulator> {
  checkOptions(options);
  let running = await start(options, options.port ?? 0);
  let alive = true;
  let lastId = 0;

  const kill = async (): Promise<void> => {
    if (!alive) return;
    alive = false;
    const exited = once(running.child, "exit");
    running.child.kill("SIGKILL");
    await exited;
  };

  const ask = async (request: DistributiveOmit<ChildRequest, "id">): Promise<ChildReply["result"]> => {
    if (!alive) throw new SimulatorError("closed", "the simulator's process does not run");
    lastId += 1;
    const id = lastId;
    const { child } = running;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        child.off("message", onMessage);
        child.off("exit", onExit);
      };
      const onMessage = (message: unknown): void => {
        // The process sends no other messages.
        const reply = message as ChildReply;
        if (reply.id !== id) return;
        settle();
        if (reply.error === null) resolve(reply.result);
        else reject(new SimulatorError("invalid_option", reply.error));
      };
      const onExit = (): void => {
        settle();
        reject(new SimulatorError("closed", "the simulator's process ended"));
      };
      child.on("message", onMessage);
      child.on("exit", onExit);
      child.send({ ...request, id });
    });
  };

  return {
    get url() {
      return running.url;
    },
    get env() {
      return running.env;
    },
    get pid() {
      return alive ? (running.child.pid ?? null) : null;
    },
    kill,
    freeze: () => void running.child.kill("SIGSTOP"),
    resume: () => void running.child.kill("SIGCONT"),
    async restart() {
      const { port } = running;
      await kill();
      running = await start(options, port);
      alive = true;
    },
    async setFault(provider, fault, scope) {
      await ask({ do: "setFault", provider, fault, scope });
    },
    async clearFaults() {
      await ask({ do: "clearFaults" });
    },
    async reset() {
      await ask({ do: "reset" });
    },
    requests: async () => (await ask({ do: "requests" })) ?? [],
    close: kill,
    [Symbol.asyncDispose]: kill,
  };
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

async function start(options: SpawnOptions, port: number): Promise<Running> {
  const { seed = 1, latencyMs = 0, faults = [], recordBodies = false, maxConcurrency = {} } = options;
  const args = ["--port", String(port), "--seed", String(seed), "--latency-ms", String(latencyMs)];
  args.push("--faults", JSON.stringify(faults), "--max-concurrency", JSON.stringify(maxConcurrency));
  if (recordBodies) args.push("--record-bodies");
  // Does not inherit flags, such as those of a debugger or a test runner, and only the variables that Node needs.
  const child = fork(ENTRY, args, { stdio: ["ignore", "pipe", "inherit", "ipc"], execArgv: [], env: {} });
  const endWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  child.once("exit", () => process.off("exit", endWithUs));
  const line = await firstLine(child);
  return { ...line, child };
}

async function firstLine(child: ChildProcess): Promise<Omit<Running, "child">> {
  const { stdout } = child;
  if (stdout === null) throw new SimulatorError("listen_failed", "the simulator's process has no output");
  const lines = createInterface({ input: stdout });
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new SimulatorError("listen_failed", `the simulator's process ended with code ${code}`));
    };
    child.once("exit", onExit);
    lines.once("line", (line) => {
      child.off("exit", onExit);
      lines.close();
      const started = JSON.parse(line);
      if (typeof started.error === "string") reject(new SimulatorError("listen_failed", started.error));
      else resolve(started);
    });
  });
}
