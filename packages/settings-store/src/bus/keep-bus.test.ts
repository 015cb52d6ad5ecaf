import { createFakeClock, type FakeClock } from "@babylon/llm-testing";
import { beforeEach, describe, expect, test } from "vitest";
import type { Bus, BusListener } from "../backend/backend.ts";
import { type BusKeeper, createBusKeeper } from "./keep-bus.ts";

/** A bus that a test connects, loses and silences. */
function createTestBus() {
  const state = {
    connects: 0,
    refuse: false,
    silent: false,
    listener: undefined as BusListener | undefined,
    closed: 0,
  };
  const bus: Bus = {
    scope: "all",
    checkEveryMs: 1_000,
    async connect(listener) {
      state.connects += 1;
      if (state.refuse) throw new Error("refused");
      state.listener = listener;
      return {
        check: () => (state.silent ? new Promise<void>(() => {}) : Promise.resolve()),
        async close() {
          state.closed += 1;
        },
      };
    },
  };
  return { bus, state };
}

describe("a bus that is kept", () => {
  let clock: FakeClock;
  let test_: ReturnType<typeof createTestBus>;
  let keeper: BusKeeper;
  let changes: number;
  let polls: number;
  let down: boolean;

  function keep(bus: Bus | null, pollMs: number | null = 100): BusKeeper {
    return createBusKeeper({
      bus,
      pollMs,
      limitMs: 200,
      clock,
      random: () => 0,
      backoff: { minMs: 100, maxMs: 800 },
      onMessage() {},
      onChange() {
        changes += 1;
      },
      poll() {
        polls += 1;
      },
      wasAsked: () => false,
      isBackendDown: () => down,
    });
  }

  beforeEach(() => {
    clock = createFakeClock();
    test_ = createTestBus();
    changes = 0;
    polls = 0;
    down = false;
    keeper = keep(test_.bus);
  });

  test("asks nobody while messages arrive", async () => {
    await keeper.start();
    await clock.advance(10_000);
    expect(keeper.state()).toBe("connected");
    expect([polls, changes, test_.state.connects]).toEqual([0, 0, 1]);
    await keeper.close();
    expect(test_.state.closed).toBe(1);
    expect(clock.pendingTimers()).toBe(0);
  });

  test("that is lost is connected again, with a look at what was missed; meanwhile it asks regularly", async () => {
    await keeper.start();
    test_.state.refuse = true;
    test_.state.listener?.onLost();
    expect(keeper.state()).toBe("reconnecting");
    expect(changes).toBe(1);
    await clock.advance(1_000);
    expect(polls).toBe(10);
    test_.state.refuse = false;
    await clock.advance(1_000);
    expect(keeper.state()).toBe("connected");
    expect(changes).toBe(2);
    const before = polls;
    await clock.advance(1_000);
    expect(polls).toBe(before);
    await keeper.close();
  });

  test("that goes silent is found out by asking whether it lives", async () => {
    await keeper.start();
    test_.state.silent = true;
    await clock.advance(1_300);
    expect(changes).toBeGreaterThanOrEqual(1);
    expect(test_.state.closed).toBe(1);
    await clock.advance(200);
    expect(test_.state.connects).toBe(2);
    await keeper.close();
  });

  test("is not tried while the backend is down, and at once when it answers", async () => {
    await keeper.start();
    down = true;
    test_.state.listener?.onLost();
    await clock.advance(60_000);
    expect([test_.state.connects, polls]).toEqual([1, 0]);
    down = false;
    keeper.backendAnswered();
    await clock.advance(0);
    expect(keeper.state()).toBe("connected");
    await keeper.close();
  });

  test("that refuses while the backend answers is tried ever less often", async () => {
    test_.state.refuse = true;
    await keeper.start();
    await clock.advance(10_000);
    expect(test_.state.connects).toBeLessThan(18);
    expect(test_.state.connects).toBeGreaterThan(10);
    await keeper.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  test("does not exist: it asks, or leaves it to the TTL", async () => {
    const polling = keep(null);
    await polling.start();
    await clock.advance(1_000);
    expect([polling.state(), polls]).toEqual(["polling", 10]);
    const nothing = keep(null, null);
    await nothing.start();
    await clock.advance(1_000);
    expect([nothing.state(), polls]).toEqual(["none", 20]);
    await polling.close();
    await nothing.close();
    expect(clock.pendingTimers()).toBe(0);
  });
});
