import { StorageError } from "@babylon/storage";
import { withDeadline } from "@babylon/storage/time";
import type { Backend } from "./backend/backend.ts";
import type { OpenedBackend } from "./backend/open-backend.ts";
import { createBusKeeper } from "./bus/keep-bus.ts";
import { type Cell, createCell } from "./cell.ts";
import { callSafely } from "./events.ts";
import { createLastKnownGood } from "./last-known-good.ts";
import { createLoader, type Loader } from "./loader.ts";
import { createReader, type Reader } from "./reader.ts";
import { emptyRecord } from "./record/settings-record.ts";
import { createRefresh, type Refresh } from "./refresh.ts";
import { SettingsError } from "./settings-error.ts";
import { describeStatus, type LastError, type SettingsStatus } from "./status.ts";
import type { ResolvedOptions } from "./store-options.ts";
import { createSubscribers, type Subscribers } from "./subscribers.ts";
import { createToSettingsError } from "./to-settings-error.ts";
import { createWriter, type Writer } from "./writer.ts";

/** The parts of a store, connected. */
export interface StoreParts {
  readonly cell: Cell;
  readonly refresh: Refresh;
  readonly loader: Loader;
  readonly reader: Reader;
  readonly writer: Writer;
  /** Begins to listen; resolves when that works, or when it takes too long to wait for. */
  listen(): Promise<void>;
  readonly subscribers: Subscribers;
  status(): SettingsStatus;
  /** Puts in the last known good record, if there is one. */
  standIn(): Promise<boolean>;
  /** Puts in the defaults. */
  asDefaults(): boolean;
  /** Throws `closed` after `close`. */
  assertOpen(): void;
  close(): Promise<void>;
}

/** How long the first load waits for the listening to begin. */
const HEAD_START_MS = 100;

/** How often to ask a backend that does not tell. */
const POLL_MS = 1_000;

export function createParts(options: ResolvedOptions, { backend, secrets }: OpenedBackend): StoreParts {
  const { clock, random, logger, loadTimeoutMs, writeTimeoutMs, backoff } = options;
  const toError = createToSettingsError(backend.location, secrets);
  const origin = Math.floor(random() * 2 ** 48).toString(36);
  const empty = emptyRecord(options.defaults);
  const subscribers = createSubscribers(logger);
  const saved = options.lastKnownGood === undefined ? null : createLastKnownGood(options.lastKnownGood, clock, logger);
  let lastError: LastError | undefined;
  let isStale = false;
  let closed = false;
  let reads = 0;
  let askedAtMono = 0;

  const now = (): string => new Date(clock.now()).toISOString();

  function assertOpen(): void {
    if (closed) throw new SettingsError({ code: "closed", message: "the settings store was closed" });
  }

  const cell = createCell(options.ttlMs, clock, (held, previous) => {
    if (held.source === "stored") saved?.save(held.record);
    subscribers.tell(held, previous);
  });

  function read(background: boolean): Promise<string | undefined> {
    assertOpen();
    reads += 1;
    return withDeadline({ clock, limitMs: loadTimeoutMs, onTimeout: readTimeout, background }, backend.port.read);
  }

  const { readHead } = backend.port;

  const refresh = createRefresh({
    async read() {
      askedAtMono = clock.monotonic();
      return read(true);
    },
    readHead:
      readHead === undefined
        ? null
        : () => withDeadline({ clock, limitMs: loadTimeoutMs, onTimeout: readTimeout, background: true }, readHead),
    cell,
    clock,
    empty,
  });

  const loader = createLoader({
    async perform() {
      try {
        // What changes after the load is announced only to those who listen already; who begins later asks again.
        await listen();
        await refresh.perform();
      } catch (thrown) {
        assertOpen();
        throw toError(thrown);
      }
    },
    clock,
    random,
    backoff,
    onSuccess() {
      bus.backendAnswered(askedAtMono);
      if (!isStale) return;
      isStale = false;
      callSafely(logger, "the logger", () =>
        logger.info("settings: the backend answers again", { location: backend.location }),
      );
      callSafely(logger, "onEvent", () => options.onEvent({ type: "recovered", at: now(), error: null }));
    },
    onFailure(thrown) {
      const error = toError(thrown);
      lastError = { error, at: now() };
      cell.expire();
      if (cell.held() === undefined) return;
      cell.serveStale();
      becomeStale(error);
    },
  });

  function becomeStale(error: SettingsError | undefined): void {
    if (isStale || error === undefined) return;
    isStale = true;
    callSafely(logger, "the logger", () =>
      logger.warn("settings: the last known ones stay in use", { code: error.code, error: error.message }),
    );
    callSafely(logger, "onEvent", () => options.onEvent({ type: "stale", at: now(), error }));
  }

  function loadInBackground(): void {
    if (!closed) loader.load().catch(() => {});
  }

  const bus = createBusKeeper({
    bus: options.bus === "auto" ? backend.bus : null,
    pollMs: options.bus === false ? null : (options.pollMs ?? POLL_MS),
    limitMs: loadTimeoutMs,
    clock,
    random,
    backoff,
    origin,
    onMessage(message) {
      if (message?.origin === origin) return;
      if (message === undefined) refresh.invalidate();
      else if (!refresh.announce(message.version)) return;
      loadInBackground();
    },
    onChange() {
      refresh.invalidate();
      loadInBackground();
    },
    async poll() {
      if (closed || (await refresh.isUnchanged())) return;
      await loader.loadAnew().catch(() => {});
    },
    heldVersion: () => cell.held()?.record.version ?? 0,
    wasAsked: () => reads > 0,
    isBackendDown: () => loader.failures() > 0,
  });

  let listening: Promise<void> | undefined;

  function listen(): Promise<void> {
    const deadline = { clock, limitMs: HEAD_START_MS, background: true, onTimeout: readTimeout };
    listening ??= withDeadline(deadline, () => bus.start()).catch(() => {});
    return listening;
  }

  const reader = createReader({
    cell,
    loader,
    clock,
    ttlMs: options.ttlMs,
    maxStaleMs: options.maxStaleMs,
    softTimeoutMs: options.softTimeoutMs,
    loadTimeoutMs,
    lastError: () => lastError?.error,
    assertOpen,
  });

  const writer = createWriter({
    read: async () => read(false),
    port: backend.port,
    cell,
    refresh,
    empty,
    clock,
    random,
    writeTimeoutMs,
    updateTimeoutMs: options.updateTimeoutMs,
    historyLimit: options.historyLimit,
    origin,
    toError,
  });

  function status(): SettingsStatus {
    const loading = {
      failures: loader.failures(),
      nextAttemptInMs: loader.nextAttemptInMs(),
      lastError,
      backendReads: reads,
    };
    return describeStatus({ backend, held: cell.held(), bus: bus.state(), loading, isStale, isClosed: closed });
  }

  return {
    cell,
    refresh,
    loader,
    reader,
    writer,
    listen,
    subscribers,
    status,
    assertOpen,
    async standIn() {
      const found = await saved?.load();
      if (found === undefined) return false;
      cell.standIn(found.record, "last-known-good", found.ageMs);
      becomeStale(lastError?.error);
      return true;
    },
    asDefaults() {
      cell.standIn(empty, "defaults", 0);
      becomeStale(lastError?.error);
      return true;
    },
    async close() {
      if (closed) return;
      await writer.idle();
      closed = true;
      loader.close();
      cell.expire();
      subscribers.clear();
      await Promise.all([bus.close(), saved?.flush()]);
      await closeBackend(backend);
    },
  };
}

async function closeBackend(backend: Backend): Promise<void> {
  await backend.close().catch(() => {});
}

function readTimeout(thrown: unknown): StorageError {
  return new StorageError({ message: "no answer in time", applied: "no", timedOut: true, cause: thrown });
}
