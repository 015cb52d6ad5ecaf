import type { Clock, Logger } from "@babylon/llm-core";
import { messageOf, StorageError } from "@babylon/storage";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { SharedStateStatus } from "../contract/shared-state.ts";
import type { Stamp, StateEngine } from "../contract/state-engine.ts";
import { createComeBack } from "./come-back.ts";
import type { AccessListener, EngineAccess } from "./engine-access.ts";
import { createRecovery } from "./recovery.ts";
import { createSilenceWatch, NO_WATCH } from "./silence-watch.ts";

/** An access with its lifetime and its state. */
export interface OwnedAccess extends EngineAccess {
  /** Connects, within `CONNECT_MS`. Rejects only if the store is damaged, which does not pass; an engine that is away may come back. */
  start(): Promise<void>;
  status(): Omit<SharedStateStatus, "prefix">;
  close(): Promise<void>;
}

/** Options of {@link createEngineAccess}. */
export interface EngineAccessOptions {
  readonly engine: StateEngine;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The id of this process among those that share the state. */
  readonly processId: string;
  /** How long the engine may be silent while calls wait for it, milliseconds; `null`: it always answers at once. */
  readonly silenceMs: number | null;
}

/** The limit for connecting: of the start, and of each probe. */
const CONNECT_MS = 2_000;

/** The interval of probes in an outage. */
const PROBE_EVERY_MS = 1_000;

/** How often a process says that it is alive, and for how long that counts. */
const BEAT_EVERY_MS = 5_000;
const ALIVE_MS = 16_000;

/** The same while other processes have not sent again what was lost. */
const RECOVERY_BEAT_EVERY_MS = 200;

/** For an engine that answers at once. */
const NEVER_ABORTED: AbortSignal = new AbortController().signal;

interface Waiting {
  readonly controller: AbortController;
  reject(error: StorageError): void;
}

const away = (location: string, applied: "no" | "unknown", timedOut: boolean): StorageError =>
  new StorageError({
    message: `${location}: ${timedOut ? "no answer in time" : "not available; checked again every second"}`,
    applied,
    timedOut,
  });

const incomplete = (location: string, applied: "no" | "unknown"): StorageError =>
  new StorageError({ message: `${location}: writes were lost; not all processes have sent theirs again`, applied });

/** Creates the access to an engine. It connects with `start`. */
export function createEngineAccess({ engine, clock, logger, processId, silenceMs }: EngineAccessOptions): OwnedAccess {
  const { location } = engine;
  const answersAtOnce = silenceMs === null;
  const listeners = new Set<AccessListener>();
  const waiting = new Set<Waiting>();
  let state: "connecting" | "up" | "down" | "closed" = "connecting";
  let sinceEpochMs = clock.now();
  let lastAnswerEpochMs: number | null = null;
  let lastError: string | null = null;
  const recovery = createRecovery(() => clock.monotonic());
  const comeBack = createComeBack({
    recovery,
    sendAgain: () => Promise.all([...listeners].map((listener) => listener.back?.())),
    beat: () => beat(inBackground),
    onEnd: () => scheduleBeat(beatDelayMs()),
  });
  let epoch: string | null = null;
  /** The engine's time minus the monotonic time of this process. */
  let offsetMs: number | null = null;
  let cancelBeat = (): void => {};

  const watch =
    silenceMs === null
      ? NO_WATCH
      : createSilenceWatch({ clock, silenceMs, onSilent: () => fail(away(location, "unknown", true)) });
  engine.onProgress(watch.answered);
  engine.onReconnect(() => {
    if (state === "up") comeBack.begin(() => beat(inBackground));
  });

  function setState(next: typeof state): void {
    if (state === next) return;
    if (next === "up" && state === "down") logger.info("the shared state is available again", { location });
    if (next === "down") logger.warn("the shared state is not available", { location, reason: lastError });
    state = next;
    sinceEpochMs = clock.now();
  }

  function noteStamp(stamp: Stamp): void {
    offsetMs = stamp.nowEpochMs - clock.monotonic();
    if (stamp.epoch === epoch) return;
    // Emptied without an outage; a beat has noticed it already.
    if (epoch !== null && state === "up" && !recovery.isOpen()) comeBack.begin(() => beat(inBackground));
    epoch = stamp.epoch;
    for (const listener of [...listeners]) listener.newEpoch?.(stamp);
  }

  function noteAnswer(): void {
    watch.answered();
    lastAnswerEpochMs = clock.now();
  }

  /** Any of them may have been applied. */
  function rejectWaiting({ message, timedOut, retryable }: StorageError): void {
    watch.stop();
    for (const one of [...waiting]) {
      one.controller.abort();
      one.reject(new StorageError({ message, timedOut, retryable, applied: "unknown" }));
    }
    waiting.clear();
  }

  function fail(error: StorageError): void {
    lastError = error.message;
    if (state !== "up") return;
    setState("down");
    scheduleBeat(PROBE_EVERY_MS);
    rejectWaiting(error);
  }

  function toError(thrown: unknown): StorageError {
    if (thrown instanceof StorageError) return thrown;
    return new StorageError({ message: `${location}: ${messageOf(thrown)}`, applied: "unknown", cause: thrown });
  }

  function call<T>(run: (engine: StateEngine, signal: AbortSignal) => Promise<T>): Promise<T> {
    if (state === "closed") return Promise.reject(closedError());
    if (state !== "up") return Promise.reject(away(location, "no", false));
    const controller = new AbortController();
    return new Promise<T>((resolve, reject) => {
      const one: Waiting = { controller, reject };
      waiting.add(one);
      watch.start();
      const end = (): void => {
        if (waiting.delete(one) && waiting.size === 0) watch.stop();
      };
      run(engine, controller.signal).then(
        (value) => {
          end();
          if (!controller.signal.aborted) noteAnswer();
          resolve(value);
        },
        (thrown: unknown) => {
          end();
          const error = toError(thrown);
          if (error.code !== "invalid" && !controller.signal.aborted) fail(error);
          reject(error);
        },
      );
    });
  }

  /**
   * The short way to an engine in this process: there is no silence to watch, nothing to abort and no other epoch, and its clock is ours,
   * so the stamp of the last beat is good for its time.
   */
  function stampedAtOnce<T extends Stamp>(run: (engine: StateEngine, signal: AbortSignal) => Promise<T>): Promise<T> {
    return state === "up" ? run(engine, NEVER_ABORTED) : call(run);
  }

  async function stamped<T extends Stamp>(run: (engine: StateEngine, signal: AbortSignal) => Promise<T>): Promise<T> {
    const reply = await call(run);
    noteStamp(reply);
    return reply;
  }

  const mayMissWrites = (): boolean => comeBack.isUnderWay() || recovery.isOpen();

  /** Says that this process is alive; in an outage this is the probe. */
  async function beat(startLimit: (onLimit: () => void) => () => void): Promise<void> {
    const controller = new AbortController();
    const cancel = startLimit(() => controller.abort());
    try {
      const input = { processId, ttlMs: ALIVE_MS, settledIn: recovery.settledIn() };
      const reply = await engine.beat(input, controller.signal);
      if (state === "closed") return;
      const wasDown = state === "down";
      noteAnswer();
      recovery.note(reply);
      setState("up");
      noteStamp(reply);
      if (wasDown || reply.generation !== recovery.settledIn()) comeBack.begin(async () => {});
      for (const listener of [...listeners]) listener.beat?.();
    } catch (thrown) {
      if (state === "closed") return;
      const error = toError(thrown);
      fail(error);
      setState("down");
      if (error.code === "corrupt") throw error;
    } finally {
      cancel();
    }
  }

  const inBackground = (onLimit: () => void): (() => void) => startBackgroundTimer(clock, CONNECT_MS, onLimit);

  /** Keeps the process alive, which the connections do not. */
  const inForeground = (onLimit: () => void): (() => void) => {
    const timer = clock.setTimeout(onLimit, CONNECT_MS);
    return () => clock.clearTimeout(timer);
  };

  function beatDelayMs(): number {
    if (state !== "up") return PROBE_EVERY_MS;
    return recovery.isOpen() ? RECOVERY_BEAT_EVERY_MS : BEAT_EVERY_MS;
  }

  function scheduleBeat(delayMs: number): void {
    cancelBeat();
    if (state === "closed") return;
    cancelBeat = startBackgroundTimer(clock, delayMs, async () => {
      await beat(inBackground).catch(() => {});
      scheduleBeat(beatDelayMs());
    });
  }

  const closedError = (): StorageError =>
    new StorageError({ message: `${location}: the shared state was closed`, applied: "no", retryable: false });

  return {
    engine,
    call,
    callStamped: answersAtOnce ? stampedAtOnce : stamped,
    processes: recovery.processes,
    mayMissWrites,
    async whenComplete(applied) {
      await comeBack.checked();
      // Where the server is not known, it may be another one each time.
      if (recovery.generation() === epoch) await comeBack.ended();
      if (recovery.isOpen() || state !== "up") throw incomplete(location, applied);
    },
    monotonic: () => clock.monotonic(),
    serverEpochMs: () => (offsetMs === null ? null : Math.floor(offsetMs + clock.monotonic())),
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async start() {
      await beat(inForeground);
      scheduleBeat(beatDelayMs());
    },
    status: () => ({
      engine: engine.kind,
      location,
      connected: state === "up",
      sinceEpochMs,
      lastAnswerEpochMs: answersAtOnce && state === "up" ? clock.now() : lastAnswerEpochMs,
      lastError,
      processes: recovery.processes(),
      epoch,
      recovering: mayMissWrites(),
    }),
    async close() {
      if (state === "closed") return;
      // No longer alive: other processes get its share at once.
      const last = { processId, ttlMs: 0, settledIn: recovery.settledIn() };
      if (state === "up") await call((open, signal) => open.beat(last, signal)).catch(() => {});
      state = "closed";
      cancelBeat();
      rejectWaiting(closedError());
      listeners.clear();
      await engine.close();
    },
  };
}
