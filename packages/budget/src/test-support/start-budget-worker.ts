import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isRecord } from "@babylon/llm-core";
import type { BudgetWorkerJob } from "./worker-job.ts";

/** A process with budgets. */
export interface BudgetWorker {
  readonly process: ChildProcess;
  /** Runs a step and returns what it has printed. */
  step(
    kind: "spend" | "hold" | "settle" | "status",
    input?: { readonly attempts?: number; readonly used?: number },
  ): Promise<Readonly<Record<string, unknown>>>;
  /** Ends it without a chance to clean up. */
  kill(): Promise<void>;
}

/** Starts a process. */
export function startBudgetWorker(job: BudgetWorkerJob): BudgetWorker {
  const script = fileURLToPath(new URL("./worker.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(job)], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on("error", () => {});
  return {
    process: child,
    async step(kind, input = {}) {
      child.stdin.write(`${JSON.stringify({ kind, ...input })}\n`);
      const { value, done } = await lines.next();
      const line: unknown = done === true ? null : JSON.parse(value);
      if (!isRecord(line)) throw new Error("the worker ended");
      return line;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
