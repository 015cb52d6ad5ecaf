import type { ContestantName } from "../contestants/contestants.ts";
import { median, type Task } from "../run/task.ts";
import { startWorker, type Worker } from "../run/worker-process.ts";
import type { Measured, Row } from "./row.ts";
import type { WorkRow } from "./work-rows.ts";

/** Rounds that are not counted: the code is still being compiled. */
const WARM_UP = 6;
const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 21;

/** Who takes part in a row, ours first. */
export function partakers({ ours, limits, others }: Row): readonly ContestantName[] {
  return [ours, ...limits.map(({ peer }) => peer), ...others];
}

/**
 * Measures rows of work: each contestant in a process of its own, round after round by turns, so that what else happens on the
 * machine happens to all.
 *
 * @param budgetMs - for each row; with less time there are fewer rounds, but at least three
 * @param onRow - hears of each row before it is measured
 */
export async function measureWork(
  mockURL: string,
  rows: readonly WorkRow[],
  budgetMs: number,
  onRow: (what: string) => void,
): Promise<Measured[]> {
  const workers = new Map<ContestantName, Worker>();
  for (const name of new Set(rows.flatMap(partakers))) workers.set(name, await startWorker(name));
  const measured: Measured[] = [];
  for (const row of rows) {
    onRow(row.what);
    const figures = await measureRow(row, mockURL, workers, budgetMs);
    measured.push({ row, figures });
  }
  for (const worker of workers.values()) worker.close();
  return measured;
}

async function measureRow(
  row: WorkRow,
  mockURL: string,
  workers: ReadonlyMap<ContestantName, Worker>,
  budgetMs: number,
): Promise<Map<ContestantName, number>> {
  const nextURL = row.next === undefined ? undefined : `${mockURL}/${row.next}`;
  const task: Task = { ...row.task, target: { url: `${mockURL}/${row.behaviour}`, nextURL } };
  const rounds = new Map(partakers(row).map((name): [ContestantName, number[]] => [name, []]));
  const end = performance.now() + budgetMs;
  for (let round = -WARM_UP; round < MOST_ROUNDS; round += 1) {
    if (round >= LEAST_ROUNDS && performance.now() > end) break;
    for (const [name, figures] of rounds) {
      const figure = await workers.get(name)?.run(task);
      if (figure !== undefined && figure !== null && round >= 0) figures.push(figure);
    }
  }
  return new Map([...rounds].map(([name, figures]) => [name, median(figures)]));
}
