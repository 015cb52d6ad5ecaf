import type { Clock } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { type BackoffOptions, reconnectDelayMs, startBackgroundTimer, withDeadline } from "@babylon/storage/time";
import type { Bus } from "../backend/backend.ts";
import type { BusMessage } from "./bus-message.ts";
import { type CheckedConnection, createDeliveryChecker } from "./delivery-checker.ts";
import { createPoller } from "./poller.ts";

/**
 * How this process detects changes by other processes.
 *
 * - `connected`: by messages; a message of this process to itself arrived
 * - `reconnecting`: the connection was lost, or the backend is down; polling until messages arrive again
 * - `polling`: by a read every `pollMs`, because there are no messages or they do not arrive
 * - `none`: only when the TTL expires
 */
export type BusState = "connected" | "reconnecting" | "polling" | "none";

/** Input of {@link createBusKeeper}. */
export interface BusKeeperOptions {
  /** `null`: the backend has none. */
  readonly bus: Bus | null;
  /** The interval of polls while no messages arrive, milliseconds; `null`: never. */
  readonly pollMs: number | null;
  /** The time limit of connecting and of a check, milliseconds. */
  readonly limitMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: BackoffOptions;
  /** The id of this store in messages. */
  readonly origin: string;
  /** Receives the message of a writer; `undefined` for a text that is not a message. */
  onMessage(message: BusMessage | undefined): void;
  /** Called when something changed, or may have changed while there was no connection. */
  onChange(): void;
  /** Loads if the stored record differs from the cached one. Never rejects. */
  poll(): Promise<void>;
  /** The cached version; 0 for none. */
  cachedVersion(): number;
  /** Whether the backend was read already: then a change between that read and the subscription has to be detected. */
  hasRead(): boolean;
  /** Whether the last load failed. Then connecting and polling pause until a load succeeds. */
  isBackendDown(): boolean;
}

/** Maintains a connection to a bus, checks that messages arrive, and polls while they do not. */
export interface BusKeeper {
  /** Resolves after the first attempt to connect, successful or not. */
  start(): Promise<void>;
  /** A load succeeded; its read started at this moment. Reconnects if there is no connection. */
  noteBackendRead(askedAtMono: number): void;
  state(): BusState;
  close(): Promise<void>;
}

/**
 * The interval of checks, milliseconds, ± 25 %: the longest time in which a change without a message is not detected. A check costs one
 * short read, and one message for all subscribed processes.
 */
const CHECK_INTERVAL_MS = 2_000;

export function createBusKeeper(options: BusKeeperOptions): BusKeeper {
  const { bus, pollMs, limitMs, clock, random, backoff, origin } = options;
  const checker = createDeliveryChecker({ clock, origin, limitMs });
  const poller = createPoller({ everyMs: pollMs, clock, isNeeded: needsPolling, poll });
  let current: CheckedConnection | undefined;
  let connecting = false;
  let started = false;
  let closed = false;
  let failures = 0;
  let retryAtMono = 0;
  let cancelRetry = () => {};
  let cancelCheck = () => {};

  function isListening(): boolean {
    return current !== undefined && checker.isReliable(current);
  }

  function needsPolling(): boolean {
    return bus === null || bus.scope === "process" || !isListening();
  }

  function poll(): void {
    if (!options.isBackendDown()) void options.poll();
  }

  function scheduleCheck(checked: CheckedConnection): void {
    if (bus === null || !bus.canFail || closed) return;
    const delayMs = CHECK_INTERVAL_MS * (0.75 + random() / 2);
    cancelCheck = startBackgroundTimer(clock, delayMs, () => void check(checked));
  }

  async function check(checked: CheckedConnection): Promise<void> {
    if (!options.isBackendDown()) {
      if (!(await checker.check(checked))) return replace(checked);
      if (current === checked && !needsPolling() && options.hasRead()) await options.poll();
      if (current === checked && options.hasRead()) await checker.compare(checked, options.cachedVersion());
    }
    if (current !== checked) return;
    poller.start();
    scheduleCheck(checked);
  }

  function replace(silent: CheckedConnection): void {
    if (current !== silent) return;
    silent.connection.close().catch(() => {});
    handleLoss();
  }

  function handleLoss(): void {
    current = undefined;
    cancelCheck();
    if (closed) return;
    poller.start();
    scheduleRetry();
    // This triggers a load. When a load succeeds, now or after the backend recovers, the bus reconnects.
    options.onChange();
  }

  function scheduleRetry(): void {
    const waitMs = reconnectDelayMs(failures + 1, backoff, random);
    cancelRetry();
    cancelRetry = startBackgroundTimer(clock, waitMs, () => {
      if (!options.isBackendDown()) void connect();
      else scheduleRetry();
    });
  }

  async function connect(): Promise<void> {
    if (bus === null || closed || connecting || current !== undefined) return;
    connecting = true;
    cancelRetry();
    poller.start();
    try {
      await open(bus);
      failures = 0;
    } catch {
      failures += 1;
      retryAtMono = clock.monotonic() + reconnectDelayMs(failures, backoff, random);
      if (!closed) scheduleRetry();
    } finally {
      connecting = false;
      started = true;
    }
    poller.start();
  }

  async function open(to: Bus): Promise<void> {
    let opened: CheckedConnection | undefined;
    let isLost = false;
    const listener = {
      onMessage,
      onChange: options.onChange,
      onLost() {
        isLost = true;
        if (current !== undefined && current === opened) handleLoss();
      },
    };
    const deadline = { clock, limitMs, background: true, onTimeout: noAnswer };
    const connection = await withDeadline(deadline, (signal) => to.connect(listener, signal));
    opened = await checker.begin(connection);
    if (closed) return connection.close();
    if (isLost) throw new Error("the connection was lost");
    const isFirst = !started;
    current = opened;
    scheduleCheck(opened);
    if (!isFirst || options.hasRead()) options.onChange();
  }

  function onMessage(text: string): void {
    const message = checker.receive(text);
    if (message !== null) options.onMessage(message);
  }

  return {
    async start() {
      await connect();
      poller.start();
    },
    noteBackendRead(askedAtMono) {
      if (current !== undefined) checker.setBaseline(current, options.cachedVersion(), askedAtMono);
      if (started && clock.monotonic() >= retryAtMono) void connect();
    },
    state() {
      if (bus === null || bus.scope === "process") return pollMs === null ? "none" : "polling";
      if (isListening()) return "connected";
      const isLost = current === undefined && failures === 0;
      return isLost || options.isBackendDown() ? "reconnecting" : "polling";
    },
    async close() {
      closed = true;
      cancelRetry();
      cancelCheck();
      poller.close();
      checker.close();
      const closing = current;
      current = undefined;
      await closing?.connection.close().catch(() => {});
    },
  };
}

function noAnswer(): StorageError {
  return new StorageError({ message: "no answer in time", applied: "no", timedOut: true });
}
