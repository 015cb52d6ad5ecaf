import type { Clock } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { type BackoffOptions, reconnectDelayMs, startBackgroundTimer, withDeadline } from "@babylon/storage/time";
import type { Bus } from "../backend/backend.ts";
import type { BusMessage } from "./bus-message.ts";
import { type CheckedConnection, createDeliveryChecker } from "./delivery-checker.ts";
import { createPoller } from "./poller.ts";

/**
 * How changes by others become known.
 *
 * - `connected`: by messages; that they arrive was proven by a message of this process to itself
 * - `reconnecting`: the connection was lost, or the backend is down; changes are found by asking until messages arrive again
 * - `polling`: by asking, `pollMs` apart: there are no messages, or they do not arrive
 * - `none`: not before the TTL
 */
export type BusState = "connected" | "reconnecting" | "polling" | "none";

/** What keeping a bus needs. */
export interface BusKeeperOptions {
  /** `null`: there is none. */
  readonly bus: Bus | null;
  /** How often to ask where no messages arrive, milliseconds; `null`: never. */
  readonly pollMs: number | null;
  /** Longest wait for a connection or an answer, milliseconds. */
  readonly limitMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: BackoffOptions;
  /** This store, in messages. */
  readonly origin: string;
  /** A message of a writer; `undefined` for a text that is not one. */
  onMessage(message: BusMessage | undefined): void;
  /** Something changed, or may have while nobody was listening. */
  onChange(): void;
  /** Compares what is held with what is stored, and loads what is newer. Never rejects. */
  poll(): Promise<void>;
  /** The version that is held; 0 for none. */
  cachedVersion(): number;
  /** Whether the backend was asked already. If so, a change may have come between that and listening; if not, there is nothing to compare. */
  hasRead(): boolean;
  /** Whether the backend is known to be down. Then nothing is attempted until it answers again. */
  isBackendDown(): boolean;
}

/** Keeps a connection to a bus alive, proves that messages arrive, and asks regularly while they do not. */
export interface BusKeeper {
  /** Resolves after the first attempt, whatever came of it. */
  start(): Promise<void>;
  /** The backend just answered, to a question of this moment: a good time to connect again. */
  noteBackendRead(askedAtMono: number): void;
  state(): BusState;
  close(): Promise<void>;
}

/**
 * How long a change that no message announces stays unseen at most, milliseconds, give or take a quarter. A check is one short read;
 * its message is one for all processes that listen.
 */
const CHECK_EVERY_MS = 2_000;

export function createBusKeeper(options: BusKeeperOptions): BusKeeper {
  const { bus, pollMs, limitMs, clock, random, backoff, origin } = options;
  const prover = createDeliveryChecker({ clock, origin, limitMs });
  const poller = createPoller({ everyMs: pollMs, clock, isNeeded: needsPolling, poll });
  let line: CheckedConnection | undefined;
  let connecting = false;
  let started = false;
  let closed = false;
  let failures = 0;
  let retryAt = 0;
  let cancelRetry = () => {};
  let cancelCheck = () => {};

  function isListening(): boolean {
    return line !== undefined && prover.isReliable(line);
  }

  function needsPolling(): boolean {
    return bus === null || bus.scope === "process" || !isListening();
  }

  function poll(): void {
    if (!options.isBackendDown()) void options.poll();
  }

  function scheduleCheck(checked: CheckedConnection): void {
    if (bus === null || !bus.canFail || closed) return;
    const delayMs = CHECK_EVERY_MS * (0.75 + random() / 2);
    cancelCheck = startBackgroundTimer(clock, delayMs, () => void check(checked));
  }

  async function check(checked: CheckedConnection): Promise<void> {
    if (!options.isBackendDown()) {
      if (!(await prover.check(checked))) return replace(checked);
      if (line === checked && !needsPolling() && options.hasRead()) await options.poll();
      if (line === checked && options.hasRead()) await prover.compare(checked, options.cachedVersion());
    }
    if (line !== checked) return;
    poller.start();
    scheduleCheck(checked);
  }

  function replace(silent: CheckedConnection): void {
    if (line !== silent) return;
    silent.connection.close().catch(() => {});
    lost();
  }

  function lost(): void {
    line = undefined;
    cancelCheck();
    if (closed) return;
    poller.start();
    scheduleRetry();
    // If the backend still answers, that brings the connection back at once; if not, its recovery will.
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
    if (bus === null || closed || connecting || line !== undefined) return;
    connecting = true;
    cancelRetry();
    poller.start();
    try {
      await open(bus);
      failures = 0;
    } catch {
      failures += 1;
      retryAt = clock.monotonic() + reconnectDelayMs(failures, backoff, random);
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
        if (line !== undefined && line === opened) lost();
      },
    };
    const deadline = { clock, limitMs, background: true, onTimeout: noAnswer };
    const connection = await withDeadline(deadline, (signal) => to.connect(listener, signal));
    opened = await prover.begin(connection);
    if (closed) return connection.close();
    if (isLost) throw new Error("the connection was lost");
    const isFirst = !started;
    line = opened;
    scheduleCheck(line);
    if (!isFirst || options.hasRead()) options.onChange();
  }

  function onMessage(text: string): void {
    const message = prover.receive(text);
    if (message !== null) options.onMessage(message);
  }

  return {
    async start() {
      await connect();
      poller.start();
    },
    noteBackendRead(askedAtMono) {
      if (line !== undefined) prover.setBaseline(line, options.cachedVersion(), askedAtMono);
      if (started && clock.monotonic() >= retryAt) void connect();
    },
    state() {
      if (bus === null || bus.scope === "process") return pollMs === null ? "none" : "polling";
      if (isListening()) return "connected";
      const isLost = line === undefined && failures === 0;
      return isLost || options.isBackendDown() ? "reconnecting" : "polling";
    },
    async close() {
      closed = true;
      cancelRetry();
      cancelCheck();
      poller.close();
      prover.close();
      const open = line;
      line = undefined;
      await open?.connection.close().catch(() => {});
    },
  };
}

function noAnswer(): StorageError {
  return new StorageError({ message: "no answer in time", applied: "no", timedOut: true });
}
