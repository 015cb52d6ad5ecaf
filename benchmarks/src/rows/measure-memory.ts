import type { ContestantName } from "../contestants/contestants.ts";
import { IN_FLIGHT } from "../mock/start-mock.ts";
import { runScript } from "../run/run-script.ts";
import { median } from "../run/task.ts";
import { contestantsOf } from "./measure-work.ts";
import type { Measured, Row } from "./row.ts";

/** New processes with calls in flight. */
export const MEMORY_ROW: Row = {
  what: `peak memory, ${IN_FLIGHT.toLocaleString("en")} calls in flight`,
  unit: "MB",
  ours: "babylon",
  others: [],
  limits: [
    { peer: "openai", ratio: 0.7, stretch: 0.58 },
    { peer: "ai-sdk", ratio: 0.6 },
  ],
};

const MOST_ROUNDS = 5;

/** Measures the memory of new processes, in at least one round, and more within the time budget. */
export async function measureMemory(mockURL: string, budgetMs: number): Promise<Measured> {
  const end = performance.now() + budgetMs;
  const rounds = new Map(contestantsOf(MEMORY_ROW).map((name): [ContestantName, number[]] => [name, []]));
  for (let round = 0; round < MOST_ROUNDS && (round === 0 || performance.now() < end); round += 1) {
    for (const [name, figures] of rounds) {
      figures.push(await runScript("in-flight.ts", name, `${mockURL}/hold`, IN_FLIGHT));
    }
  }
  return { row: MEMORY_ROW, figures: new Map([...rounds].map(([name, figures]) => [name, median(figures)])) };
}
