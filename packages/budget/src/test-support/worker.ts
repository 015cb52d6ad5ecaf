/** A process with budgets. Its job is its argument; it prints a line of JSON after each step, and takes the next one from its input. */
import { createInterface } from "node:readline";
import type { Permit } from "@babylon/llm-core";
import { openSharedState } from "@babylon/shared-state";
import { createBudget } from "../create-budget.ts";
import { toAsk, toAttempt, tokens } from "./asks.ts";
import { type BudgetWorkerJob, WORKER_RULE } from "./worker-job.ts";

const job: BudgetWorkerJob = JSON.parse(process.argv[2] ?? "");

const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** The messages of the log. */
const logged: string[] = [];
const write = (message: string): void => void logged.push(message);
const logger = { debug: write, info: write, warn: write, error: write };

const state = await openSharedState({ url: job.url, timeoutMs: job.timeoutMs });
const { limitTokens } = job;
const rules = [{ ...WORKER_RULE, limitTokens }];
const { journal, leaseMs, onOutage } = job;
const budget = createBudget({ state, rules, journal, leaseMs, onOutage, logger });
const underWay: Permit[] = [];

/** Attempts that are settled, or refused. */
async function spend(attempts: number, used: number): Promise<void> {
  let spent = 0;
  let longestMs = 0;
  for (let made = 0; made < attempts; made += 1) {
    const at = performance.now();
    const answer = await budget.gate.admit(toAsk());
    longestMs = Math.max(longestMs, performance.now() - at);
    if ("why" in answer) break;
    answer.settle(toAttempt({ usage: tokens(used - 10, 10) }));
    spent += used;
  }
  await budget.idle();
  say({ spent, longestMs, waiting: budget.outage()?.waiting ?? 0, processes: state.status().processes });
}

for await (const line of createInterface({ input: process.stdin })) {
  const step: unknown = JSON.parse(line);
  const { kind, attempts = 0, used = 0 } = step as { kind: string; attempts?: number; used?: number };
  if (kind === "spend") await spend(attempts, used);
  else if (kind === "hold") {
    for (let made = 0; made < attempts; made += 1) {
      const answer = await budget.gate.admit(toAsk());
      if ("settle" in answer) underWay.push(answer);
    }
    say({ held: underWay.length });
  } else if (kind === "settle") {
    for (const permit of underWay.splice(0)) permit.settle(toAttempt({ usage: tokens(used - 10, 10) }));
    await budget.idle();
    say({ settled: true });
  } else say({ outage: budget.outage(), status: await budget.status(), state: state.status(), logged });
}
await budget.close();
await state.close();
