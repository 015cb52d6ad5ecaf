import { isRedisClient, isRedisCluster, type RedisClient, type RedisCluster } from "@babylon/storage";
import { invalidOption, SettingsError } from "../errors/settings-error.ts";
import type { StorageAdapter } from "./adapter-text.ts";
import { listenForErrors } from "./error-events.ts";
import type { KeyvInstance } from "./keyv-text.ts";
import type { MapLike } from "./map-backend.ts";
import type { TableLayout } from "./table-layout.ts";

/** The kinds of values of the `keyv` option. */
export type IdentifiedAdapter =
  | { readonly kind: "map"; readonly map: MapLike & object }
  | { readonly kind: "redis"; readonly client: RedisClient | RedisCluster; readonly prefix: string }
  | ({ readonly kind: "sqlite" } & SqlitePlace)
  | ({ readonly kind: "postgres" } & PostgresPlace)
  | {
      readonly kind: "keyv";
      readonly keyv: KeyvInstance & object;
      readonly isInProcess: boolean;
      readonly owner: object;
    }
  | { readonly kind: "adapter"; readonly adapter: StorageAdapter & object; readonly prefix: string };

/** The table of an SQLite adapter. */
export interface SqlitePlace {
  /** A path, relative to the working directory. */
  readonly file: string;
  readonly table: string;
  readonly layout: TableLayout;
  readonly namespace: string | null;
  /** Resolves when the adapter has created its table, or has failed to. */
  readonly ready: Promise<void>;
}

/** The table of a Postgres adapter. */
export interface PostgresPlace {
  readonly uri: string;
  readonly schema: string;
  readonly table: string;
  readonly layout: TableLayout;
  readonly namespace: string | null;
  /** Options of node-postgres. */
  readonly clientOptions: object;
}

/**
 * Finds out where a Keyv of version 5 or 6, an adapter or a Map keeps its data, from documented properties. An SQLite file, a Redis or a
 * Postgres is opened by the store itself, because Keyv hides failures and has no compare-and-set. Any other Keyv is used by its `get` and
 * `set`. Throws `invalid` for any other value, and `incompatible_store` for a Keyv that compresses or encrypts, because the store would
 * write plain text.
 */
export function identifyAdapter(option: object): IdentifiedAdapter {
  listenForErrors(option);
  if (option instanceof Map) return { kind: "map", map: option };
  if (!isKeyv(option)) {
    const place = identifyPlace(option, undefined);
    if (place !== null) return place;
    if (isStorage(option)) return { kind: "adapter", adapter: option, prefix: adapterPrefix(option) };
    throw invalidOption("keyv", "expected a Keyv, a Keyv adapter or a Map");
  }
  if (field(option, "compression") !== undefined || field(option, "encryption") !== undefined) {
    throw new SettingsError({
      code: "incompatible_store",
      message:
        "keyv: this Keyv compresses or encrypts values, but the settings are stored as plain JSON; pass its adapter (keyv.store)",
    });
  }
  const [store, ...inner] = storesOf(option);
  for (const each of [store, ...inner]) {
    listenForErrors(each);
    const place = identifyPlace(each, namespaceOf(option));
    if (place !== null) return place;
  }
  const owner = inner.at(-1) ?? store;
  return { kind: "keyv", keyv: option, isInProcess: owner instanceof Map, owner };
}

/** The store of a Keyv, and the store inside it: Keyv 6 wraps Maps and adapters of Keyv 5, and the wrapper has them as `store`. */
function storesOf({ store }: KeyvInstance): readonly [object, ...object[]] {
  const inner = field(store, "store");
  return isObject(inner) ? [store, inner] : [store];
}

/**
 * @param keyvNamespace - the namespace of the Keyv, `null` for none. `undefined`: the namespace of the adapter is used. (Each new Keyv sets
 * the namespace of its adapter, so with a Keyv the adapter's own value is not reliable.)
 */
function identifyPlace(store: object, keyvNamespace: string | null | undefined): IdentifiedAdapter | null {
  const namespace = keyvNamespace === undefined ? (namespaceOf(store) ?? null) : keyvNamespace;
  const client = field(store, "client");
  if (isRedisClient(client) || isRedisCluster(client))
    return { kind: "redis", client, prefix: redisPrefix(store, namespace) };
  switch (sqlKind(store)) {
    case "sqlite":
      return sqlitePlace(store, namespace);
    case "postgres":
      return postgresPlace(store, namespace);
    default:
      return null;
  }
}

/**
 * The namespace of a Keyv or an adapter; `undefined` where it has none. The default namespace is `keyv` in Keyv 5 and none in Keyv 6; so
 * that both find the same record, the default of Keyv 5 counts as none, `null`.
 */
function namespaceOf(source: object): string | null | undefined {
  const namespace = field(source, "namespace");
  if (typeof namespace !== "string" || namespace === "") return undefined;
  const isOfKeyv5 = isKeyv(source) ? "opts" in source : !("capabilities" in source);
  return namespace === "keyv" && isOfKeyv5 ? null : namespace;
}

function redisPrefix(store: object, namespace: string | null): string {
  const separator = field(store, "keyPrefixSeparator");
  return namespace === null ? "" : `${namespace}${typeof separator === "string" ? separator : "::"}`;
}

/** The namespace is part of the key for an adapter of Keyv 5, and a property of an adapter of Keyv 6. */
function adapterPrefix(adapter: object): string {
  const namespace = namespaceOf(adapter) ?? null;
  return namespace !== null && !("capabilities" in adapter) ? `${namespace}:` : "";
}

function sqlKind(adapter: object): "sqlite" | "postgres" | null {
  const dialect = field(field(adapter, "opts"), "dialect");
  if (dialect === "sqlite" || dialect === "postgres") return dialect;
  if (dialect !== undefined) return null;
  // Adapters for Keyv 6 have no dialect; only they have these options.
  if ("wal" in adapter && "busyTimeout" in adapter) return "sqlite";
  return "useUnloggedTable" in adapter ? "postgres" : null;
}

/** `null` for a database in memory, and with a custom driver, whose file other drivers may not be able to read. */
function sqlitePlace(adapter: object, namespace: string | null): IdentifiedAdapter | null {
  const file = textOption(adapter, "db");
  if (file === null || file === ":memory:" || isObject(field(adapter, "driver"))) return null;
  const ready = field(adapter, "ready");
  return {
    kind: "sqlite",
    file,
    table: textOption(adapter, "table") ?? "keyv",
    layout: layoutFor(adapter),
    namespace,
    ready: Promise.resolve(ready).then(
      () => {},
      () => {},
    ),
  };
}

function postgresPlace(adapter: object, namespace: string | null): IdentifiedAdapter {
  // In Keyv 5 the adapter's options include those of node-postgres; Keyv 6 documents only `ssl`.
  const opts = layoutFor(adapter) === "keyv-5" ? field(adapter, "opts") : undefined;
  const ssl = option(adapter, "ssl");
  return {
    kind: "postgres",
    uri: textOption(adapter, "uri") ?? "postgresql://localhost:5432",
    schema: textOption(adapter, "schema") ?? "public",
    table: textOption(adapter, "table") ?? "keyv",
    layout: layoutFor(adapter),
    namespace,
    clientOptions: { ...(isObject(opts) ? opts : {}), ...(ssl === undefined ? {} : { ssl }) },
  };
}

/** Only adapters for Keyv 6 declare `capabilities`. */
function layoutFor(adapter: object): TableLayout {
  return "capabilities" in adapter ? "keyv-6" : "keyv-5";
}

/** Adapters for Keyv 6 have their options as properties, those for Keyv 5 in `opts`. */
function option(adapter: object, name: string): unknown {
  return field(adapter, name) ?? field(field(adapter, "opts"), name);
}

function textOption(adapter: object, name: string): string | null {
  const value = option(adapter, name);
  return typeof value === "string" && value !== "" ? value : null;
}

/** Both major versions of Keyv have `hooks` and `stats`; adapters do not. */
function isKeyv(value: object): value is KeyvInstance {
  return "hooks" in value && "stats" in value && isStorage(value) && isStorageObject(field(value, "store"));
}

function isStorageObject(value: unknown): boolean {
  return isObject(value) && isStorage(value);
}

function isStorage(value: object): value is StorageAdapter {
  return typeof field(value, "get") === "function" && typeof field(value, "set") === "function";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined;
}
