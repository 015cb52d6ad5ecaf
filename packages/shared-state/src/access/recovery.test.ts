import { beforeEach, describe, expect, it } from "vitest";
import type { BeatReply } from "../contract/state-engine.ts";
import { createRecovery, RECOVERY_MS, type Recovery } from "./recovery.ts";

describe("a recovery", () => {
  let nowMs = 0;
  let recovery: Recovery;

  const note = (generation: string, processes: number, settled: number): void => {
    const reply: BeatReply = { nowEpochMs: 0, epoch: "e", generation, processes, settled };
    recovery.note(reply);
  };

  beforeEach(() => {
    nowMs = 0;
    recovery = createRecovery(() => nowMs);
    note("one", 3, 3);
  });

  it("is not open while the generation stays, also when processes end", () => {
    note("one", 3, 3);
    note("one", 2, 2);
    expect(recovery.isOpen()).toBe(false);
    expect(recovery.processes()).toBe(2);
  });

  it("lasts until this process and all others have sent again what they know", () => {
    note("two", 3, 0);
    expect(recovery.isOpen()).toBe(true);
    expect(recovery.settledIn()).toBe("one");
    note("two", 3, 1);
    recovery.settle("two");
    note("two", 3, 2);
    expect(recovery.isOpen()).toBe(true);
    note("two", 3, 3);
    expect(recovery.isOpen()).toBe(false);
  });

  it("waits in an emptied store for as many processes as there were", () => {
    note("two", 1, 0);
    recovery.settle("two");
    note("two", 1, 1);
    expect(recovery.isOpen()).toBe(true);
    expect(recovery.processes()).toBe(3);
    note("two", 3, 3);
    expect(recovery.isOpen()).toBe(false);
  });

  it("does not wait longer for a process that is gone, and not again for it", () => {
    note("two", 3, 0);
    recovery.settle("two");
    nowMs += RECOVERY_MS;
    note("two", 3, 2);
    expect(recovery.isOpen()).toBe(false);
    note("two", 3, 2);
    expect(recovery.isOpen()).toBe(false);
    note("two", 2, 2);
    note("three", 2, 0);
    expect(recovery.isOpen()).toBe(true);
  });

  it("begins anew when the generation changes in it", () => {
    note("two", 3, 0);
    nowMs += RECOVERY_MS - 1;
    note("three", 3, 0);
    nowMs += RECOVERY_MS - 1;
    note("three", 3, 0);
    expect(recovery.isOpen()).toBe(true);
  });

  it("is open for a process that starts while others are missing", () => {
    recovery = createRecovery(() => nowMs);
    note("two", 3, 1);
    expect(recovery.settledIn()).toBe("two");
    expect(recovery.isOpen()).toBe(true);
    note("two", 3, 3);
    expect(recovery.isOpen()).toBe(false);
  });
});
