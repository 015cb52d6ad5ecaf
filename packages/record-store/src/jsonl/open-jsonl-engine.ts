import { accessSync } from "node:fs";
import { type CallRecord, type Clock, isRecord } from "@babylon/llm-core";
import { makeFolder, messageOf, StorageError } from "@babylon/storage";
import type { RecordEngine, Retention } from "../contract/record-engine.ts";
import { type PackedContent, packRecord } from "../record/pack-record.ts";
import { toCallNames, toRecordFigures } from "../record/record-figures.ts";
import { toCallSummary } from "../record/to-call-summary.ts";
import { parsePackedRecord, unpackRecord } from "../record/unpack-record.ts";
import { addUsageRow, matches } from "../usage/add-usage-row.ts";
import { type CallsPlan, toCursorText } from "../usage/plan-calls.ts";
import { createUsageTable } from "../usage/usage-table.ts";
import { createDayFiles, type DayFileKind, endOfDay, startOfDay, utcDayOf } from "./day-files.ts";

const DAY_MS = 86_400_000;

/** Options of {@link openJsonlEngine}. */
export interface JsonlEngineOptions {
  readonly folder: string;
  readonly at: string;
  readonly clock: Clock;
  readonly retention: Retention;
  /** The folder is not created. */
  readonly readOnly: boolean;
}

/**
 * Opens records as files of JSON lines, one for each day (UTC), which other programs can read. There are no sums: queries read the files, and reach
 * back as far as calls are kept. Throws a `StorageError` if the folder cannot be used.
 */
export function openJsonlEngine({ folder, at, clock, retention, readOnly }: JsonlEngineOptions): RecordEngine {
  try {
    if (readOnly) accessSync(folder);
    else makeFolder(folder);
  } catch (thrown) {
    const message = `${at}: ${folder} cannot be used: ${messageOf(thrown)}`;
    throw new StorageError({ message, applied: "no", retryable: false, at, cause: thrown });
  }
  const files = createDayFiles(folder);
  /** Changes of files run one after the other. */
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  }

  /** The records of a day; a call that was written twice counts once. */
  async function* recordsOf(day: string): AsyncGenerator<CallRecord> {
    const seen = new Set<string>();
    for await (const value of files.read("calls", day)) {
      if (!isCallRecord(value) || seen.has(value.callId)) continue;
      seen.add(value.callId);
      yield value;
    }
  }

  async function appendByDay(kind: DayFileKind, lines: readonly (readonly [startedAt: number, line: string])[]) {
    const byDay = Map.groupBy(lines, ([startedAt]) => utcDayOf(startedAt));
    for (const [day, ofDay] of byDay) {
      await files.append(
        kind,
        day,
        ofDay.map(([, line]) => line),
      );
    }
  }

  /** The contents of calls that are stored, by call. */
  async function findContents(records: readonly CallRecord[]): Promise<Map<string, CallRecord["content"]>> {
    const found = new Map<string, CallRecord["content"]>();
    for (const [day, ofDay] of Map.groupBy(records, ({ startedAt }) => utcDayOf(startedAt))) {
      const sought = new Set(ofDay.map(({ callId }) => callId));
      for await (const value of files.read("content", day)) {
        if (!isPackedContent(value) || !sought.delete(value[0])) continue;
        found.set(value[0], value[2]);
        if (sought.size === 0) break;
      }
    }
    return found;
  }

  /** The calls of a page of the log. */
  async function findPage(plan: CallsPlan): Promise<{ records: readonly CallRecord[]; next: string | null }> {
    const days = (await files.days("calls")).filter((day) => startOfDay(day) <= (plan.before?.startedAt ?? Infinity));
    const found: CallRecord[] = [];
    for (const day of days.reverse()) {
      const ofDay: CallRecord[] = [];
      for await (const record of recordsOf(day)) if (isOnPage(plan, record)) ofDay.push(record);
      found.push(...ofDay.sort(newestFirst));
      if (found.length > plan.limit) break;
    }
    const records = found.slice(0, plan.limit);
    const end = records.at(-1);
    const hasMore = found.length > plan.limit && end !== undefined;
    return { records, next: hasMore ? toCursorText({ startedAt: end.startedAt, id: end.callId }) : null };
  }

  /** Removes lines of all days of a kind; returns the number of removed calls. */
  async function removeLines(kind: DayFileKind, isRemoved: (value: unknown) => boolean): Promise<Set<string>> {
    const removed = new Set<string>();
    for (const day of await files.days(kind)) {
      const kept: string[] = [];
      let hasRemoved = false;
      for await (const value of files.read(kind, day)) {
        if (!isRemoved(value)) {
          kept.push(JSON.stringify(value));
          continue;
        }
        hasRemoved = true;
        removed.add(callIdOf(value));
      }
      if (hasRemoved) await files.replace(kind, day, kept);
    }
    return removed;
  }

  return {
    location: folder,
    write: ({ lines, contents }) =>
      inTurn(async () => {
        const calls = lines === "" ? [] : lines.split("\n").map(parsePackedRecord);
        await appendByDay(
          "calls",
          calls.map((packed) => [packed[2], JSON.stringify(unpackRecord(packed))]),
        );
        const packedContents = contents === "" ? [] : contents.split("\n");
        await appendByDay(
          "content",
          packedContents.map((line) => [(JSON.parse(line) as PackedContent)[1], line]),
        );
      }),
    async usage(plan, { onProgress, signal }) {
      const table = createUsageTable(plan.starts, plan.by, plan.top);
      const days = (await files.days("calls")).filter((day) => endOfDay(day) > plan.from && startOfDay(day) < plan.to);
      for (const [index, day] of days.entries()) {
        for await (const record of recordsOf(day)) {
          signal.throwIfAborted();
          const { startedAt } = record;
          if (startedAt < plan.from || startedAt >= plan.to) continue;
          const packed = packRecord(record);
          addUsageRow(table, plan, table.periodOf(startedAt), toCallNames(packed), toRecordFigures(packed));
        }
        onProgress((index + 1) / days.length);
      }
      return table.rows();
    },
    async calls(plan) {
      const { records, next } = await findPage(plan);
      return { calls: records.map(toCallSummary), next };
    },
    async read(plan) {
      const { records, next } = await findPage(plan);
      const contents = await findContents(records);
      return {
        records: records.map((record) => {
          const content = contents.get(record.callId);
          return content === undefined ? record : { ...record, content };
        }),
        next,
      };
    },
    async call(callId, startedAt) {
      const days = startedAt === null ? [...(await files.days("calls"))].reverse() : [utcDayOf(startedAt)];
      for (const day of days) {
        for await (const record of recordsOf(day)) {
          if (record.callId !== callId || record.startedAt !== (startedAt ?? record.startedAt)) continue;
          const content = (await findContents([record])).get(callId);
          return content === undefined ? record : { ...record, content };
        }
      }
      return null;
    },
    erase: (request) =>
      inTurn(async () => {
        const removed = await removeLines("calls", (value) =>
          !isCallRecord(value)
            ? false
            : "callId" in request
              ? value.callId === request.callId
              : value.tenant === request.tenant,
        );
        await removeLines("content", (value) => removed.has(callIdOf(value)));
        return removed.size;
      }),
    prune: () =>
      inTurn(async () => {
        const { keepDays, keepContentDays } = retention;
        for (const [kind, days] of [
          ["calls", keepDays],
          ["content", Math.min(keepDays, keepContentDays)],
        ] as const) {
          const oldest = clock.now() - days * DAY_MS;
          for (const day of await files.days(kind)) if (endOfDay(day) <= oldest) await files.replace(kind, day, []);
        }
      }),
    // Removing a file twice does no harm.
    takeTurn: async () => true,
    async close() {
      await last;
    },
  };
}

/** Lines are written by this package; a line that was cut off is not JSON. */
function isCallRecord(value: unknown): value is CallRecord {
  return isRecord(value) && value.v === 1 && typeof value.callId === "string" && typeof value.startedAt === "number";
}

function isPackedContent(value: unknown): value is PackedContent {
  return Array.isArray(value) && value.length === 3 && typeof value[0] === "string";
}

function callIdOf(value: unknown): string {
  if (isCallRecord(value)) return value.callId;
  return isPackedContent(value) ? value[0] : "";
}

function newestFirst(one: CallRecord, other: CallRecord): number {
  if (one.startedAt !== other.startedAt) return other.startedAt - one.startedAt;
  return one.callId < other.callId ? 1 : -1;
}

function isOnPage({ where, from, to, before }: CallsPlan, record: CallRecord): boolean {
  const { startedAt, callId } = record;
  if (startedAt < from || (to !== null && startedAt >= to)) return false;
  if (before !== null) {
    if (startedAt > before.startedAt) return false;
    if (startedAt === before.startedAt && callId >= before.id) return false;
  }
  return matches({ where }, toCallNames(packRecord(record)));
}
