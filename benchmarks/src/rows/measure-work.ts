import type { ContestantName } from "../contestants/contestants.ts";
import { median, type Task } from "../run/task.ts";
import { startWorker, type Worker } from "../run/worker-process.ts";
import type { Measured, Row } from "./row.ts";
import type { WorkRow } from "./work-rows.ts";

/** Warm-up rounds, not counted, while the code is being compiled. */
const WARM_UP = 6;
const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 21;

/** The contestants of a row, this client first. */
export function contestantsOf({ ours, limits, others }: Row): readonly ContestantName[] {
  return [ours, ...limits.map(({ peer }) => peer), ...others];
}

/**
 * Measures rows of work: each contestant in a separate process, in alternating rounds, so that other load on the machine affects all of
 * them.
 *
 * @param budgetMs - for each row; less time means fewer rounds, but at least three
 * @param onRow - called with each row before it is measured
 */
export async function measureWork(
  mockURL: string,
  rows: readonly WorkRow[],
  budgetMs: number,
  onRow: (what: string) => void,
): Promise<Measured[]> {
  const workers = new Map<ContestantName, Worker>();
  for (const name of new Set(rows.flatMap(contestantsOf))) workers.set(name, await startWorker(name));
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
  const rounds = new Map(contestantsOf(row).map((name): [ContestantName, number[]] => [name, []]));
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
