import type { Clock, Env, Logger, SystemSettings } from "@babylon/llm-core";
import { EMPTY_SETTINGS, processEnv, silentLogger, systemClock } from "@babylon/llm-core";
import { type ImportDriver, importDriver } from "@babylon/storage";
import type { BackoffOptions } from "@babylon/storage/time";
import { invalidOption } from "../errors/settings-error.ts";
import { parseSettings } from "../schema/parse-settings.ts";
import type { SettingsEvent } from "../status/settings-event.ts";

/** How a settings store is made. Everything has a default; times are milliseconds. */
export interface SettingsStoreOptions {
  /**
   * `memory://` (for this store alone), `sqlite://path` (`?mode=ro`), `redis://`, `rediss://` or `postgres://`. Default: the variable
   * `BABYLON_SETTINGS_URL`, else `sqlite://./data/babylon.db`.
   */
  readonly url?: string | undefined;
  /** A Keyv of version 5 or 6, one of their adapters, or a Map, in place of a URL. The caller closes it. */
  readonly keyv?: object | undefined;
  /** Default: the process environment. */
  readonly env?: Env | undefined;
  /** The key of the record; no colon. Default `babylon.settings.system`. */
  readonly key?: string | undefined;
  /** The table that an SQL URL uses. Default `babylon_settings`. */
  readonly table?: string | undefined;
  /** The settings while nothing is stored. Default: none. */
  readonly defaults?: Partial<SystemSettings> | undefined;
  /** How long a loaded value serves without asking again, where no change is announced. 0: not at all. Default 60 s. */
  readonly ttlMs?: number | undefined;
  /** How old a value may be while the backend is away, before reads fail. Default: any age. */
  readonly maxStaleMs?: number | undefined;
  /** How long a read waits for a load before it takes the value that is at hand. Default 25. */
  readonly softTimeoutMs?: number | undefined;
  /** Longest wait for a load, connecting included. Default 2 s. */
  readonly loadTimeoutMs?: number | undefined;
  /** Longest wait for the answer to one write. Default 2 s. */
  readonly writeTimeoutMs?: number | undefined;
  /**
   * Longest time for an update in all: waiting for its turn, reading, its function, starting over when others were faster. Then it fails
   * with `timeout` and was not applied; a write that is under way by then is waited for, `writeTimeoutMs` and a load at most. Default 10 s.
   */
  readonly updateTimeoutMs?: number | undefined;
  /** How long to leave a backend alone after failures. Default 250 ms, doubling up to 15 s. */
  readonly backoff?: Partial<BackoffOptions> | undefined;
  /** How often to ask where changes are not announced. Default 1 s, and 50 ms for an SQLite file, where it costs microseconds. */
  readonly pollMs?: number | undefined;
  /** `auto`: be told of changes where the backend can; `poll`: ask; `false`: neither, the TTL has to do. Default `auto`. */
  readonly bus?: "auto" | "poll" | false | undefined;
  /**
   * What creation does about the first load. `wait`: waits for it and fails with it. `defaults`: waits, and takes the defaults when the
   * backend gives no answer. `lazy`: leaves it to the first read. Default `wait`.
   */
  readonly startup?: "wait" | "defaults" | "lazy" | undefined;
  /** A file to keep the last good record in, for a start while the backend is away. Default: none. */
  readonly lastKnownGood?: string | undefined;
  /** How many changes the record remembers. Default 100. */
  readonly historyLimit?: number | undefined;
  /** Refuse a backend without an atomic compare-and-set, with `cas_unsupported`. Default: use it, and say so in `status()`. */
  readonly requireCas?: boolean | undefined;
  /** Told when the backend goes away and when it is back. */
  readonly onEvent?: ((event: SettingsEvent) => void) | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** 0 up to 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** How the drivers `@redis/client` and `pg` are imported. Default `import()`. */
  readonly importPackage?: ImportDriver | undefined;
}

/** The options with nothing left open. */
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

/** Fills in the defaults. Throws `invalid`, naming the option. */
export function resolveOptions(options: SettingsStoreOptions): ResolvedOptions {
  const key = options.key ?? "babylon.settings.system";
  // The SQLite adapter for Keyv 6 takes what stands before a colon for a namespace when it converts an older table.
  if (key === "" || key.includes(":") || /\p{Cc}/u.test(key))
    throw invalidOption("key", "expected a name without colons");
  const table = options.table ?? "babylon_settings";
  if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(table))
    throw invalidOption("table", "expected letters, digits and _, a letter first");
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
