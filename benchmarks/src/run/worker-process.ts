import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ContestantName } from "../contestants/contestants.ts";
import type { Task } from "./task.ts";

/** A contestant in a separate process, reused in all rounds. */
export interface Worker {
  readonly name: ContestantName;
  /** `null`: the round is void. */
  run(task: Task): Promise<number | null>;
  close(): void;
}

/** Starts a process with a contestant and resolves when it is loaded. */
export async function startWorker(name: ContestantName): Promise<Worker> {
  const child = fork(fileURLToPath(new URL("./worker.ts", import.meta.url)), [name], { stdio: "inherit" });
  await once(child, "message");
  return {
    name,
    async run(task) {
      child.send(task);
      const [{ figure, error }]: { figure?: number | null; error?: string }[] = await once(child, "message");
      if (figure === undefined) throw new Error(`${name}: ${error}`);
      return figure;
    },
    close: () => child.disconnect(),
  };
}
