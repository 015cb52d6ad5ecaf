import { isRedisClient, isRedisCluster, type RedisClient, type RedisCluster } from "@babylon/storage";
import { invalidOption, SettingsError } from "../errors/settings-error.ts";
import type { StorageAdapter } from "./adapter-text.ts";
import { listenForErrors } from "./error-events.ts";
import type { KeyvInstance } from "./keyv-text.ts";
import type { MapLike } from "./map-backend.ts";
import type { TableLayout } from "./table-layout.ts";

/** What the `keyv` option turned out to hold. */
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
  /** Settles when the adapter has made its table, or has failed to. */
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
 * Looks at a Keyv of version 5 or 6, an adapter or a Map for the place where the data is, by what adapters document. Where the place is
 * an SQLite file, a Redis or a Postgres, the store opens it itself, because Keyv hides failures and has no compare-and-set. Any other
 * Keyv is used by its `get` and `set`. Throws `invalid` for anything else, and `incompatible_store` for a Keyv that compresses or
 * encrypts: the record would be stored in the clear.
 */
export function identifyAdapter(given: object): IdentifiedAdapter {
  listenForErrors(given);
  if (given instanceof Map) return { kind: "map", map: given };
  if (!isKeyv(given)) {
    const known = identifyPlace(given, undefined);
    if (known !== null) return known;
    if (isStorage(given)) return { kind: "adapter", adapter: given, prefix: adapterPrefix(given) };
    throw invalidOption("keyv", "expected a Keyv, a Keyv adapter or a Map");
  }
  if (field(given, "compression") !== undefined || field(given, "encryption") !== undefined) {
    throw new SettingsError({
      code: "incompatible_store",
      message:
        "keyv: this Keyv compresses or encrypts values, and the settings are stored as plain JSON; give its adapter (keyv.store)",
    });
  }
  const [store, ...wrapped] = storesOf(given);
  for (const each of [store, ...wrapped]) {
    listenForErrors(each);
    const known = identifyPlace(each, namespaceOf(given));
    if (known !== null) return known;
  }
  const owner = wrapped.at(-1) ?? store;
  return { kind: "keyv", keyv: given, isInProcess: owner instanceof Map, owner };
}

/** The store of a Keyv. Keyv 6 wraps Maps and the adapters of Keyv 5; the wrapper has what it wraps as `store`. */
function storesOf({ store }: KeyvInstance): readonly [object, ...object[]] {
  const wrapped = field(store, "store");
  return isObject(wrapped) ? [store, wrapped] : [store];
}

/**
 * @param keyvNamespace - the namespace of the Keyv, `null` for none. An adapter takes that of the Keyv that was made last over it, so its
 * own counts only where the Keyv has none to say: `undefined`
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
 * The namespace of a Keyv or an adapter; `undefined` where it has none. Keyv 5 gives every instance the namespace `keyv` unless another is
 * given, Keyv 6 gives none. To let both find the same record, the default of Keyv 5 counts as none, `null`.
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

/** An adapter for Keyv 5 gets the namespace as part of the key, one for Keyv 6 has it as a property. */
function adapterPrefix(adapter: object): string {
  const namespace = namespaceOf(adapter) ?? null;
  return namespace !== null && !("capabilities" in adapter) ? `${namespace}:` : "";
}

function sqlKind(adapter: object): "sqlite" | "postgres" | null {
  const dialect = field(field(adapter, "opts"), "dialect");
  if (dialect === "sqlite" || dialect === "postgres") return dialect;
  if (dialect !== undefined) return null;
  // The adapters for Keyv 6 have no dialect: these options are theirs alone.
  if ("wal" in adapter && "busyTimeout" in adapter) return "sqlite";
  return "useUnloggedTable" in adapter ? "postgres" : null;
}

/** `null` for a database in memory, and for a driver of the caller's own, which may read what no other driver can. */
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
  // Keyv 5 has the options of node-postgres among its own; Keyv 6 documents `ssl` alone.
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

/** The adapters for Keyv 6 declare what they can do; those for Keyv 5 do not. */
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

/** Both majors of Keyv have hooks and statistics beside their store; adapters have not. */
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
