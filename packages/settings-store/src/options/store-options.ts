import type { Clock, Env, Logger, SystemSettings } from "@babylon/llm-core";
import { EMPTY_SETTINGS, processEnv, silentLogger, systemClock } from "@babylon/llm-core";
import { type ImportDriver, importDriver } from "@babylon/storage";
import type { BackoffOptions } from "@babylon/storage/time";
import { invalidOption } from "../errors/settings-error.ts";
import { parseSettings } from "../schema/parse-settings.ts";
import type { SettingsEvent } from "../status/settings-event.ts";

/** Options of `createSettingsStore`. All are optional; times are milliseconds. */
export interface SettingsStoreOptions {
  /**
   * `memory://` (not shared with other stores), `sqlite://path` (`?mode=ro`), `redis://`, `rediss://` or `postgres://`. Default: the variable
   * `BABYLON_SETTINGS_URL`, else `sqlite://./data/babylon.db`.
   */
  readonly url?: string | undefined;
  /** A Keyv of version 5 or 6, one of their adapters, or a Map, in place of a URL. The caller closes it. */
  readonly keyv?: object | undefined;
  /** Default: the process environment. */
  readonly env?: Env | undefined;
  /** The key of the record; no colon. Default `babylon.settings.system`. */
  readonly key?: string | undefined;
  /** The table of an SQLite or Postgres URL. Default `babylon_settings`. */
  readonly table?: string | undefined;
  /** The settings to use while nothing is stored. Default: empty. */
  readonly defaults?: Partial<SystemSettings> | undefined;
  /** How long a loaded value stays fresh when no change is announced. 0: every read loads. Default 60 s. */
  readonly ttlMs?: number | undefined;
  /** Maximum age of a stale value while the backend is unavailable; older values make reads fail. Default: no maximum. */
  readonly maxStaleMs?: number | undefined;
  /** How long a read waits for a load before it returns the stale value. Default 25. */
  readonly softTimeoutMs?: number | undefined;
  /** Time limit of a load, connecting included. Default 2 s. */
  readonly loadTimeoutMs?: number | undefined;
  /** Time limit of one write. Default 2 s. */
  readonly writeTimeoutMs?: number | undefined;
  /**
   * Time limit of a whole update: the queue, reads, its function and retries. After it the update fails with `timeout` and was not applied;
   * a write in flight is awaited, for at most `writeTimeoutMs` plus one load. Default 10 s.
   */
  readonly updateTimeoutMs?: number | undefined;
  /** Backoff between loads after failures. Default 250 ms, doubling up to 15 s. */
  readonly backoff?: Partial<BackoffOptions> | undefined;
  /** Interval of polls where changes are not announced. Default 1 s, and 50 ms for an SQLite file, where a poll costs microseconds. */
  readonly pollMs?: number | undefined;
  /** `auto`: receive announcements where the backend supports them, else poll; `poll`: always poll; `false`: neither, only the TTL. Default `auto`. */
  readonly bus?: "auto" | "poll" | false | undefined;
  /**
   * The first load. `wait`: creation waits for it and fails if it fails. `defaults`: creation waits, and uses the defaults when the
   * backend is unavailable. `lazy`: the first read loads. Default `wait`.
   */
  readonly startup?: "wait" | "defaults" | "lazy" | undefined;
  /** A file that keeps the last good record, for a start while the backend is unavailable. Default: none. */
  readonly lastKnownGood?: string | undefined;
  /** Length of the history in the record. Default 100. */
  readonly historyLimit?: number | undefined;
  /** Fail with `cas_unsupported` when the backend has no compare-and-set across processes. Default: use it; `status().cas` is `none`. */
  readonly requireCas?: boolean | undefined;
  /** Called when loads start to fail and when they succeed again. */
  readonly onEvent?: ((event: SettingsEvent) => void) | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 to below 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** How the drivers `@redis/client` and `pg` are imported. Default `import()`. */
  readonly importPackage?: ImportDriver | undefined;
}

/** The options with defaults applied. */
export interface ResolvedOptions {
  readonly url: string | undefined;
  readonly keyv: object | undefined;
  readonly env: Env;
  readonly key: string;
  readonly table: string;
  readonly defaults: SystemSettings;
  readonly ttlMs: number;
  readonly maxStaleMs: number;
  readonly softTimeoutMs: number;
  readonly loadTimeoutMs: number;
  readonly writeTimeoutMs: number;
  readonly updateTimeoutMs: number;
  readonly backoff: BackoffOptions;
  readonly pollMs: number | undefined;
  readonly bus: "auto" | "poll" | false;
  readonly startup: "wait" | "defaults" | "lazy";
  readonly lastKnownGood: string | undefined;
  readonly historyLimit: number;
  readonly requireCas: boolean;
  readonly onEvent: (event: SettingsEvent) => void;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly importPackage: ImportDriver;
}

/** Applies the defaults. Throws `invalid`, naming the option. */
export function resolveOptions(options: SettingsStoreOptions): ResolvedOptions {
  const key = options.key ?? "babylon.settings.system";
  // When the SQLite adapter for Keyv 6 converts an older table, it treats the part of a key before a colon as a namespace.
  if (key === "" || key.includes(":") || /\p{Cc}/u.test(key))
    throw invalidOption("key", "expected a name without colons");
  const table = options.table ?? "babylon_settings";
  if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(table))
    throw invalidOption("table", "expected letters, digits and _, starting with a letter");
  return {
    url: options.url,
    keyv: options.keyv,
    lastKnownGood: options.lastKnownGood,
    onEvent: options.onEvent ?? (() => {}),
    key,
    table,
    env: options.env ?? processEnv(),
    defaults: options.defaults === undefined ? EMPTY_SETTINGS : parseSettings(options.defaults, "defaults"),
    ttlMs: duration("ttlMs", options.ttlMs, 60_000),
    maxStaleMs: duration("maxStaleMs", options.maxStaleMs, Number.POSITIVE_INFINITY),
    softTimeoutMs: duration("softTimeoutMs", options.softTimeoutMs, 25),
    loadTimeoutMs: limit("loadTimeoutMs", options.loadTimeoutMs, 2_000),
    writeTimeoutMs: limit("writeTimeoutMs", options.writeTimeoutMs, 2_000),
    updateTimeoutMs: limit("updateTimeoutMs", options.updateTimeoutMs, 10_000),
    backoff: {
      minMs: limit("backoff.minMs", options.backoff?.minMs, 250),
      maxMs: limit("backoff.maxMs", options.backoff?.maxMs, 15_000),
    },
    pollMs: options.pollMs === undefined ? undefined : limit("pollMs", options.pollMs, 0),
    bus: options.bus ?? "auto",
    startup: options.startup ?? "wait",
    historyLimit: limit("historyLimit", options.historyLimit, 100),
    requireCas: options.requireCas ?? false,
    logger: options.logger ?? silentLogger,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    importPackage: options.importPackage ?? importDriver,
  };
}

function duration(path: string, value: number | undefined, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (typeof value !== "number" || !(value >= 0)) throw invalidOption(path, "expected a number, 0 or more");
  return value;
}

function limit(path: string, value: number | undefined, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (!Number.isFinite(value) || value < 1) throw invalidOption(path, "expected a finite number, 1 or more");
  return value;
}
