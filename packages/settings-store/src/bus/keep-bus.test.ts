import { createFakeClock, type FakeClock } from "@babylon/llm-testing";
import { beforeEach, describe, expect, test } from "vitest";
import type { Bus, BusListener } from "../backend/backend.ts";
import { type BusMessage, encodeBusMessage } from "./bus-message.ts";
import { type BusKeeper, createBusKeeper } from "./keep-bus.ts";

/** A bus whose connection, losses and failures the test controls. */
function createTestBus() {
  const state = {
    connects: 0,
    sent: 0,
    closed: 0,
    /** No connection. */
    refuse: false,
    /** Published messages are dropped. */
    silent: false,
    /** Publishing fails. */
    noPublish: false,
    /** Publishing never settles. */
    hang: false,
    /** The signals of messages that are being published. */
    signals: [] as AbortSignal[],
    /** Settles one that hangs. */
    goOn: () => {},
    listener: undefined as BusListener | undefined,
  };
  const bus: Bus = {
    scope: "all",
    canFail: true,
    async connect(listener) {
      state.connects += 1;
      if (state.refuse) throw new Error("refused");
      state.listener = listener;
      return {
        async send(message, signal) {
          state.signals.push(signal);
          if (state.hang) {
            await new Promise<void>((resolve) => {
              state.goOn = resolve;
            });
          }
          if (state.noPublish) throw new Error("NOPERM");
          state.sent += 1;
          if (!state.silent) state.listener?.onMessage(message);
        },
        async close() {
          state.closed += 1;
        },
      };
    },
  };
  return { bus, state };
}

const written = (version: number) => encodeBusMessage({ version, writeId: `${version}-x`, origin: "another" });

/** The longest time between two checks. */
const CHECK_MS = 2_500;

describe("a bus keeper", () => {
  let clock: FakeClock;
  let test_: ReturnType<typeof createTestBus>;
  let keeper: BusKeeper;
  let messages: (BusMessage | undefined)[];
  let changes: number;
  let polls: number;
  let cached: number;
  let stored: number;
  let down: boolean;
  let loaded: boolean;

  function keep(bus: Bus | null, pollMs: number | null = 100, limitMs = 200): BusKeeper {
    return createBusKeeper({
      bus,
      pollMs,
      limitMs,
      clock,
      random: () => 0.5,
      backoff: { minMs: 100, maxMs: 800 },
      origin: "self",
      onMessage(message) {
        messages.push(message);
      },
      onChange() {
        changes += 1;
      },
      async poll() {
        polls += 1;
        cached = stored;
      },
      cachedVersion: () => cached,
      hasRead: () => loaded,
      isBackendDown: () => down,
    });
  }

  beforeEach(() => {
    clock = createFakeClock();
    test_ = createTestBus();
    messages = [];
    changes = 0;
    polls = 0;
    cached = 1;
    stored = 1;
    down = false;
    loaded = true;
    keeper = keep(test_.bus);
  });

  test("tests delivery with a message to itself at every check, and the check reads the version", async () => {
    loaded = false;
    await keeper.start();
    loaded = true;
    expect([keeper.state(), test_.state.sent]).toEqual(["connected", 1]);
    await clock.advance(20_000);
    expect(keeper.state()).toBe("connected");
    expect([polls, test_.state.sent, test_.state.connects, changes]).toEqual([10, 11, 1, 0]);
    expect(messages).toEqual([]);
    await keeper.close();
    expect(test_.state.closed).toBe(1);
    expect(clock.pendingTimers()).toBe(0);
  });

  test("sends no message of its own while messages of others arrive", async () => {
    await keeper.start();
    for (let second = 0; second < 20; second++) {
      test_.state.listener?.onMessage(encodeBusMessage({ version: 0, writeId: "1", origin: "another" }));
      await clock.advance(1_000);
    }
    expect([keeper.state(), test_.state.sent]).toEqual(["connected", 1]);
    expect(messages).toEqual([]);
    await keeper.close();
  });

  test.each(["silent", "noPublish", "hang"] as const)(
    "whose messages do not arrive (%s) is polled regularly, and is connected when they do",
    async (fault) => {
      test_.state[fault] = true;
      const starting = keeper.start();
      await clock.advance(300);
      await starting;
      expect(keeper.state()).toBe("polling");
      const before = polls;
      await clock.advance(1_000);
      expect(polls - before).toBe(10);
      test_.state[fault] = false;
      await clock.advance(CHECK_MS);
      expect(keeper.state()).toBe("connected");
      const proven = polls;
      await clock.advance(1_000);
      expect(polls - proven).toBeLessThanOrEqual(1);
      await keeper.close();
      expect(clock.pendingTimers()).toBe(0);
    },
  );

  test("allows the first message the whole time limit, and is connected when it arrives", async () => {
    const slow = keep(test_.bus, 100, 2_000);
    test_.state.hang = true;
    const starting = slow.start();
    await clock.advance(300);
    await starting;
    expect([slow.state(), test_.state.signals[0]?.aborted]).toEqual(["polling", false]);
    await clock.advance(700);
    test_.state.goOn();
    await clock.advance(0);
    expect(slow.state()).toBe("connected");
    await slow.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  test("passes on received messages although it cannot publish", async () => {
    test_.state.noPublish = true;
    await keeper.start();
    test_.state.listener?.onMessage(written(2));
    expect(messages).toMatchObject([{ version: 2 }]);
    expect([keeper.state(), test_.state.connects]).toEqual(["polling", 1]);
    await clock.advance(60_000);
    expect([keeper.state(), test_.state.connects]).toEqual(["polling", 1]);
    await keeper.close();
  });

  test("replaces a connection that never delivered a message after a minute", async () => {
    test_.state.silent = true;
    const starting = keeper.start();
    await clock.advance(300);
    await starting;
    await clock.advance(50_000);
    expect(test_.state.connects).toBe(1);
    await clock.advance(20_000);
    expect(test_.state.connects).toBe(2);
    expect(keeper.state()).toBe("polling");
    await keeper.close();
  });

  test("polls for ten minutes after a change without a message", async () => {
    await keeper.start();
    await clock.advance(CHECK_MS);
    stored = 2;
    await clock.advance(CHECK_MS + 400);
    expect([cached, keeper.state()]).toEqual([2, "polling"]);
    stored = 3;
    await clock.advance(200);
    expect(cached).toBe(3);
    await clock.advance(500_000);
    expect(keeper.state()).toBe("polling");
    await clock.advance(110_000);
    expect([keeper.state(), test_.state.connects]).toEqual(["connected", 1]);
    await keeper.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  test("detects missing messages from the first load on, with the version of that load as the baseline", async () => {
    loaded = false;
    await keeper.start();
    loaded = true;
    cached = stored = 5;
    keeper.noteBackendRead(clock.monotonic());
    stored = 6;
    await clock.advance(CHECK_MS + 400);
    expect([cached, keeper.state()]).toEqual([6, "polling"]);
    await keeper.close();
  });

  test("compares nothing before the first load", async () => {
    loaded = false;
    await keeper.start();
    await clock.advance(20_000);
    expect([polls, keeper.state()]).toEqual([0, "connected"]);
    await keeper.close();
  });

  test("stays connected when a message arrives a little late or announces a later version", async () => {
    await keeper.start();
    await clock.advance(CHECK_MS);
    stored = 2;
    await clock.advance(1_600);
    expect(cached).toBe(2);
    await clock.advance(100);
    test_.state.listener?.onMessage(written(3));
    stored = 3;
    await clock.advance(10_000);
    expect([cached, keeper.state()]).toEqual([3, "connected"]);
    await keeper.close();
  });

  test("needs no message for changes from before it was connected", async () => {
    stored = 7;
    await keeper.start();
    await clock.advance(20_000);
    expect([cached, keeper.state()]).toEqual([7, "connected"]);
    await keeper.close();
  });

  test("reconnects after a loss and loads what was missed; polls meanwhile", async () => {
    loaded = false;
    await keeper.start();
    loaded = true;
    test_.state.refuse = true;
    test_.state.listener?.onLost();
    expect(keeper.state()).toBe("reconnecting");
    expect(changes).toBe(1);
    await clock.advance(1_000);
    expect(polls).toBe(10);
    expect(keeper.state()).toBe("polling");
    test_.state.refuse = false;
    await clock.advance(1_000);
    expect(keeper.state()).toBe("connected");
    expect(changes).toBe(2);
    const before = polls;
    await clock.advance(1_000);
    expect(polls).toBe(before);
    await keeper.close();
  });

  test("replaces a connection that stopped delivering at the next check", async () => {
    await keeper.start();
    test_.state.silent = true;
    await clock.advance(CHECK_MS);
    expect(changes).toBeGreaterThanOrEqual(1);
    expect(test_.state.closed).toBe(1);
    test_.state.silent = false;
    await clock.advance(500);
    expect(test_.state.connects).toBe(2);
    await clock.advance(CHECK_MS);
    expect(keeper.state()).toBe("connected");
    await keeper.close();
  });

  test("does not connect while the backend is down, and connects at once when a load succeeds", async () => {
    await keeper.start();
    down = true;
    test_.state.listener?.onLost();
    await clock.advance(60_000);
    expect([test_.state.connects, polls]).toEqual([1, 0]);
    down = false;
    keeper.noteBackendRead(0);
    await clock.advance(0);
    expect(keeper.state()).toBe("connected");
    await keeper.close();
  });

  test("backs off when connecting fails while the backend answers", async () => {
    test_.state.refuse = true;
    await keeper.start();
    expect(keeper.state()).toBe("polling");
    await clock.advance(10_000);
    expect(test_.state.connects).toBeLessThan(20);
    expect(test_.state.connects).toBeGreaterThan(10);
    await keeper.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  test.each([null, 100])(
    "that is closed while it waits for its message leaves no timer or connection (polling: %s)",
    async (pollMs) => {
      test_.state.silent = true;
      const closing = keep(test_.bus, pollMs);
      const starting = closing.start();
      await clock.advance(0);
      await closing.close();
      await starting;
      expect(clock.pendingTimers()).toBe(0);
      expect(test_.state.closed).toBe(1);
    },
  );

  test("without a bus polls, or relies on the TTL", async () => {
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
