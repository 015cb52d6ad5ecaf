import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CallRecord, silentLogger } from "@babylon/llm-core";
import { createFakeClock, createSeededRandom } from "@babylon/llm-testing";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RecordBatch } from "../contract/record-engine.ts";
import { randomRecord } from "../test-support/random-record.ts";
import { MAX_BATCH_RECORDS } from "./record-limits.ts";
import { createRecordWriter } from "./record-writer.ts";
import { createSpill, NO_SPILL, type Spill } from "./spill.ts";

const [SAMPLE] = [randomRecord(createSeededRandom(1), "", 1_000, { agents: 1, tenants: 1 })];

function recordOf(callId: string, over: Partial<CallRecord> = {}): CallRecord {
  return { ...SAMPLE, callId, ...over } as CallRecord;
}

/** An engine that can be away, and knows what was written. */
function createFlakyEngine() {
  const stored: string[] = [];
  const state = { isAway: false, hangs: null as Promise<void> | null };
  return {
    stored,
    state,
    async write({ lines }: RecordBatch): Promise<void> {
      await state.hangs;
      if (state.isAway) throw new Error("the engine is away");
      for (const line of lines === "" ? [] : lines.split("\n")) stored.push(JSON.parse(line)[1]);
    },
  };
}

function setUp(spillOf: (folder: string) => Spill = spillIn) {
  const folder = join(mkdtempSync(join(tmpdir(), "babylon-spill-")), "spill");
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const clock = createFakeClock();
  const engine = createFlakyEngine();
  const spill = spillOf(folder);
  const writer = createRecordWriter({ engine, spill, clock, random: () => 0.5, logger: silentLogger });
  return { folder, clock, engine, spill, writer };
}

const spillIn = (folder: string, maxBytes = 1e9): Spill =>
  createSpill(folder, { maxBytes, processId: "p1", now: () => 1_000 });

/** Lets file work finish between steps of the clock. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, at) => `call-${at}`);

describe("a record writer", () => {
  it("writes after a second, or when a batch is full", async () => {
    const { clock, engine, writer } = setUp();
    for (const name of namesOf(3)) writer.recorder(recordOf(name));
    await clock.advance(999);
    expect(engine.stored).toEqual([]);
    await clock.advance(1);
    expect(engine.stored).toHaveLength(3);
    for (const name of namesOf(MAX_BATCH_RECORDS)) writer.recorder(recordOf(name));
    await clock.advance(0);
    expect(engine.stored).toHaveLength(MAX_BATCH_RECORDS + 3);
    await writer.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  it("spills 60 seconds of 500 calls a second while the engine is away, and writes all of them when it is back", async () => {
    const { clock, engine, spill, writer, folder } = setUp();
    engine.state.isAway = true;
    const names = namesOf(30_000);
    for (let second = 0; second < 60; second += 1) {
      for (const name of names.slice(second * 500, (second + 1) * 500)) writer.recorder(recordOf(name));
      await clock.advance(1_000);
      await settle();
    }
    await writer.flush();
    expect(engine.stored).toEqual([]);
    expect(spill.count).toBe(30_000);
    engine.state.isAway = false;
    writer.recorder(recordOf("after"));
    await writer.flush();
    expect(engine.stored.toSorted()).toEqual([...names, "after"].toSorted());
    expect([writer.dropped, spill.count, readdirSync(folder)]).toEqual([0, 0, []]);
    await writer.close();
  });

  it("drops the oldest records beyond the limit of the spill, and counts them exactly", async () => {
    const { clock, engine, spill, writer } = setUp((folder) => spillIn(folder, 1_000_000));
    engine.state.isAway = true;
    const names = namesOf(5_000);
    for (const [at, name] of names.entries()) {
      writer.recorder(recordOf(name));
      if (at % 500 === 499) {
        await clock.advance(1_000);
        await settle();
      }
    }
    await writer.flush();
    expect(writer.dropped).toBeGreaterThan(0);
    expect(writer.dropped + spill.count).toBe(5_000);
    engine.state.isAway = false;
    await writer.flush();
    expect(engine.stored.toSorted()).toEqual(names.slice(writer.dropped).toSorted());
    await writer.close();
  });

  it("without a spill keeps 10,000 records in memory, and counts what it drops", async () => {
    const { clock, engine, writer } = setUp(() => NO_SPILL);
    engine.state.isAway = true;
    const names = namesOf(12_300);
    for (const [at, name] of names.entries()) {
      writer.recorder(recordOf(name));
      if (at % 500 === 499) await clock.advance(1_000);
    }
    await writer.flush();
    engine.state.isAway = false;
    await writer.flush();
    expect(engine.stored.length + writer.dropped).toBe(names.length);
    expect(engine.stored.length).toBeGreaterThanOrEqual(9_500);
    expect(engine.stored.toSorted()).toEqual(names.slice(writer.dropped).toSorted());
    await writer.close();
    expect(writer.dropped).toBe(names.length - engine.stored.length);
  });

  it("a burst of 20,000 records in one turn of the event loop loses none", async () => {
    const { engine, writer } = setUp();
    for (const name of namesOf(20_000)) writer.recorder(recordOf(name));
    await writer.flush();
    await writer.close();
    expect([new Set(engine.stored).size, writer.dropped]).toEqual([20_000, 0]);
  });

  it("close() spills what the engine does not take, and another process writes it", async () => {
    const { clock, engine, writer, folder } = setUp();
    engine.state.isAway = true;
    const content = { messages: [], text: "a\n\nb", reasoning: null, toolCalls: [], requests: [] };
    writer.recorder(recordOf("one", { content }));
    await writer.close();
    writer.recorder(recordOf("too late"));
    expect(writer.dropped).toBe(1);
    engine.state.isAway = false;
    const batches: RecordBatch[] = [];
    const spill = createSpill(folder, { maxBytes: 1e9, processId: "p2", now: () => 2_000 });
    await spill.open();
    expect(spill.count).toBe(1);
    const write = async (batch: RecordBatch): Promise<void> => void batches.push(batch);
    const next = createRecordWriter({ engine: { write }, spill, clock, random: () => 0.5, logger: silentLogger });
    await clock.advance(1_000);
    await settle();
    await next.close();
    expect(batches.map(({ contents }) => JSON.parse(contents)[2])).toEqual([content]);
    expect(JSON.parse(batches[0]?.lines ?? "")[1]).toBe("one");
  });

  it("drops a record without the time of its start", async () => {
    const { writer } = setUp();
    writer.recorder(recordOf("odd", { startedAt: Number.NaN }));
    expect(writer.dropped).toBe(1);
    await writer.close();
  });
});
