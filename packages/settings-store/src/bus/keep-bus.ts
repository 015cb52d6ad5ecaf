import type { Clock } from "@babylon/llm-core";
import type { Bus, BusConnection } from "../backend/backend.ts";
import { BackendError } from "../backend/backend-error.ts";
import { startBackgroundTimer } from "../background-timer.ts";
import { type BackoffOptions, backoffMs } from "../backoff.ts";
import { withDeadline } from "../deadline.ts";

/**
 * How changes by others become known: `connected`, they are told; `reconnecting`, they are found by asking until they are told again;
 * `polling`, they are found by asking; `none`, not before the TTL.
 */
export type BusState = "connected" | "reconnecting" | "polling" | "none";

/** What keeping a bus needs. */
export interface BusKeeperOptions {
  /** `null`: there is none. */
  readonly bus: Bus | null;
  /** How often to ask where nobody tells, milliseconds; `null`: never. */
  readonly pollMs: number | null;
  /** Longest wait for a connection or an answer, milliseconds. */
  readonly limitMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: BackoffOptions;
  onMessage(message: string): void;
  /** Something changed, or may have while nobody was listening. */
  onChange(): void;
  /** Asks the backend, in the background. */
  poll(): void;
  /** Whether the backend was asked already, so that a change may have come between that and listening. */
  wasAsked(): boolean;
  /** Whether the backend is known to be down. Then nothing is attempted until it answers again. */
  isBackendDown(): boolean;
}

/** Keeps a connection to a bus alive, and asks regularly while there is none. */
export interface BusKeeper {
  /** Resolves after the first attempt, whatever came of it. */
  start(): Promise<void>;
  /** The backend just answered: a good time to connect again. */
  backendAnswered(): void;
  state(): BusState;
  close(): Promise<void>;
}

export function createBusKeeper(options: BusKeeperOptions): BusKeeper {
  const { bus, pollMs, limitMs, clock, random, backoff } = options;
  let connection: BusConnection | undefined;
  let connecting = false;
  let started = false;
  let closed = false;
  let failures = 0;
  let retryAt = 0;
  let cancelRetry = () => {};
  let isPollDue = false;
  let cancelPoll = () => {};
  let cancelCheck = () => {};

  const limited = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withDeadline({ clock, limitMs, background: true, onTimeout: noAnswer }, work);

  const needsPolling = (): boolean => bus === null || bus.scope === "process" || connection === undefined;

  /** Leaves a poll that is due already where it is: attempts to connect must not put it off. */
  function schedulePoll(): void {
    if (pollMs === null || closed || isPollDue) return;
    isPollDue = true;
    cancelPoll = startBackgroundTimer(clock, pollMs, () => {
      isPollDue = false;
      if (!needsPolling()) return;
      if (!options.isBackendDown()) options.poll();
      schedulePoll();
    });
  }

  function scheduleCheck(checked: BusConnection): void {
    if (bus === null || bus.checkEveryMs === null || closed) return;
    cancelCheck = startBackgroundTimer(clock, bus.checkEveryMs, () => {
      limited((signal) => checked.check(signal)).then(
        () => {
          if (connection === checked) scheduleCheck(checked);
        },
        () => {
          if (connection !== checked) return;
          checked.close().catch(() => {});
          lost();
        },
      );
    });
  }

  function lost(): void {
    connection = undefined;
    cancelCheck();
    if (closed) return;
    schedulePoll();
    scheduleRetry();
    // If the backend still answers, that brings the connection back at once; if not, its recovery will.
    options.onChange();
  }

  function scheduleRetry(): void {
    const waitMs = backoffMs(failures + 1, backoff, random);
    cancelRetry();
    cancelRetry = startBackgroundTimer(clock, waitMs, () => {
      if (!options.isBackendDown()) void connect();
      else scheduleRetry();
    });
  }

  async function connect(): Promise<void> {
    if (bus === null || closed || connecting || connection !== undefined) return;
    connecting = true;
    cancelRetry();
    try {
      const { onMessage, onChange } = options;
      const opened = await limited((signal) => bus.connect({ onMessage, onChange, onLost: lost }, signal));
      if (closed) return void (await opened.close());
      const isFirst = !started;
      connection = opened;
      failures = 0;
      schedulePoll();
      scheduleCheck(opened);
      if (!isFirst || options.wasAsked()) options.onChange();
    } catch {
      failures += 1;
      retryAt = clock.monotonic() + backoffMs(failures, backoff, random);
      scheduleRetry();
      schedulePoll();
    } finally {
      connecting = false;
      started = true;
    }
  }

  return {
    async start() {
      await connect();
      schedulePoll();
    },
    backendAnswered() {
      if (started && clock.monotonic() >= retryAt) void connect();
    },
    state() {
      if (bus !== null && bus.scope === "all") return connection === undefined ? "reconnecting" : "connected";
      return pollMs === null ? "none" : "polling";
    },
    async close() {
      closed = true;
      cancelRetry();
      cancelPoll();
      cancelCheck();
      const open = connection;
      connection = undefined;
      await open?.close().catch(() => {});
    },
  };
}

function noAnswer(): BackendError {
  return new BackendError({ message: "no answer in time", applied: "no", timedOut: true });
}
