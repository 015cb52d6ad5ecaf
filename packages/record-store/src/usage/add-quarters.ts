import type { QueryRun } from "../contract/record-engine.ts";
import { createPackedCallsAdder } from "./add-packed-calls.ts";
import { gapsIn } from "./cover-quarters.ts";
import type { TimeSpan } from "./cut-quarters.ts";
import { nextTurn } from "./next-turn.ts";
import type { UsagePlan } from "./plan-usage.ts";
import { QUARTER_MS } from "./quarter.ts";
import type { UsageTable } from "./usage-table.ts";

/** The calls of a store, by quarters of an hour counted from the epoch. */
export interface QuartersOfCalls {
  /** Quarters that are read at once. */
  readonly perStep: number;
  /** The start of the oldest call, epoch milliseconds; `null`: there are no calls. */
  oldest(): Promise<number | null>;
  /** The packed calls of the quarters from one to another, which is not included. Quarters may be missing. */
  readPacked(from: number, to: number): Promise<readonly (readonly [quarter: number, calls: Uint8Array])[]>;
  /** Adds the rows of a time span. */
  addRows(span: TimeSpan): Promise<void>;
}

/** Adds the calls of whole quarters: packed ones, and rows where calls are not packed yet. */
export async function addQuarters(
  calls: QuartersOfCalls,
  plan: UsagePlan,
  table: UsageTable,
  quarters: TimeSpan,
  { onProgress, signal }: QueryRun,
): Promise<void> {
  const oldest = await calls.oldest();
  const first = oldest === null ? quarters.to : Math.max(quarters.from, Math.floor(oldest / QUARTER_MS));
  const adder = createPackedCallsAdder(plan, table);
  for (let from = first; from < quarters.to; from += calls.perStep) {
    signal.throwIfAborted();
    const to = Math.min(quarters.to, from + calls.perStep);
    const isAdded = new Uint8Array(to - from);
    for (const [quarter, packed] of await calls.readPacked(from, to)) {
      adder.add(packed, table.periodOf(quarter * QUARTER_MS));
      isAdded[quarter - from] = 1;
    }
    for (const gap of gapsIn(isAdded, from)) {
      await calls.addRows({ from: gap.from * QUARTER_MS, to: gap.to * QUARTER_MS });
    }
    onProgress((to - quarters.from) / (quarters.to - quarters.from));
    await nextTurn();
  }
  onProgress(1);
}
