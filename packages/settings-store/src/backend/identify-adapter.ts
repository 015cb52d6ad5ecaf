import { invalidOption, SettingsError } from "../settings-error.ts";
import type { StorageAdapter } from "./adapter-backend.ts";
import { listenForErrors } from "./error-events.ts";
import type { MapLike } from "./map-backend.ts";
import { effectiveNamespace } from "./physical-place.ts";
import { isRedisClient, type RedisClient } from "./redis-client.ts";
import type { SqlAdapter } from "./sql-adapter.ts";

/** What the `keyv` option turned out to hold. */
export type IdentifiedAdapter =
  | { readonly kind: "map"; readonly map: MapLike & object; readonly prefix: string }
  | { readonly kind: "redis"; readonly client: RedisClient; readonly prefix: string }
  | { readonly kind: "sqlite"; readonly adapter: SqlAdapter & object; readonly details: SqlDetails }
  | { readonly kind: "postgres"; readonly adapter: SqlAdapter & object; readonly details: SqlDetails }
  | {
      /** `process`: its data is in a Map. `other`: no more is known. */
      readonly kind: "process" | "other";
      readonly adapter: StorageAdapter & object;
      readonly prefix: string;
      readonly owner: object;
    };

/** How an SQL adapter was configured. */
export interface SqlDetails {
  readonly uri: string | null;
  readonly table: string;
  readonly schema: string;
  readonly namespace: string | null;
  /** The file of an SQLite database; `null` for memory or unknown. */
  readonly file: string | null;
  /** What the adapter hands on to node-postgres. */
  readonly clientOptions: object;
}

/**
 * Looks through a Keyv instance of version 5 or 6, an adapter or a Map for the place where the data is. The store works on that place
 * itself, because Keyv hides failures and has no compare-and-set. Throws `invalid` for anything else, and `incompatible_store` for a
 * Keyv that compresses or encrypts: the record would be stored in the clear.
 */
export function identifyAdapter(given: object): IdentifiedAdapter {
  listenForErrors(given);
  if (given instanceof Map) return { kind: "map", map: given, prefix: "" };
  if (!isKeyv(given)) return identifyStore(given, null);
  if (field(given, "compression") !== undefined || field(given, "encryption") !== undefined) {
    throw new SettingsError({
      code: "incompatible_store",
      message:
        "keyv: this Keyv compresses or encrypts values, and the settings are stored as plain JSON; give its adapter (keyv.store)",
    });
  }
  return identifyStore(given.store, effectiveNamespace(field(given, "namespace")));
}

function identifyStore(store: object, keyvNamespace: string | null): IdentifiedAdapter {
  listenForErrors(store);
  const namespace = effectiveNamespace(field(store, "namespace")) ?? keyvNamespace;
  // An adapter for Keyv 5 and a Map get the namespace as part of the key, one for Keyv 6 has it as a property.
  const prefix = namespace !== null && !("capabilities" in store) ? `${namespace}:` : "";
  if (store instanceof Map) return { kind: "map", map: store, prefix };
  // Keyv 6 wraps Maps and the adapters of Keyv 5; the wrapper has what it wraps as `store`.
  const wrapped = field(store, "store");
  if (isObject(wrapped) && isStorage(store)) {
    if (isKnown(wrapped)) return identifyStore(wrapped, namespace);
    return { kind: wrapped instanceof Map ? "process" : "other", adapter: store, prefix, owner: wrapped };
  }
  const client = field(store, "client");
  if (isRedisClient(client)) return { kind: "redis", client, prefix: redisPrefix(store, namespace) };
  const kind = sqlKind(store);
  if (kind !== null && isSqlAdapter(store)) return { kind, adapter: store, details: sqlDetails(store, namespace) };
  if (isStorage(store)) return { kind: "other", adapter: store, prefix, owner: store };
  throw invalidOption("keyv", "expected a Keyv, a Keyv adapter or a Map");
}

/** Whether an adapter has a compare-and-set that the store can use. */
function isKnown(adapter: object): boolean {
  return isRedisClient(field(adapter, "client")) || sqlKind(adapter) !== null;
}

function redisPrefix(store: object, namespace: string | null): string {
  const separator = field(store, "keyPrefixSeparator");
  return namespace === null ? "" : `${namespace}${typeof separator === "string" ? separator : "::"}`;
}

function sqlKind(adapter: object): "sqlite" | "postgres" | null {
  const dialect = field(field(adapter, "opts"), "dialect");
  if (dialect === "sqlite" || dialect === "postgres") return dialect;
  if (dialect !== undefined) return null;
  // The adapters of Keyv 6 have no dialect: these options are theirs alone.
  if ("wal" in adapter && "busyTimeout" in adapter) return "sqlite";
  return "useUnloggedTable" in adapter ? "postgres" : null;
}

function sqlDetails(adapter: object, namespace: string | null): SqlDetails {
  const opts = field(adapter, "opts");
  const option = (name: string): unknown => field(adapter, name) ?? field(opts, name);
  const text = (name: string): string | null => {
    const value = option(name);
    return typeof value === "string" && value !== "" ? value : null;
  };
  const file = text("db");
  const clientOptions = field(adapter, "_poolConfig") ?? opts;
  const ssl = option("ssl");
  return {
    uri: text("uri"),
    table: text("table") ?? "keyv",
    schema: text("schema") ?? "public",
    namespace,
    file: file === ":memory:" ? null : file,
    clientOptions: { ...(isObject(clientOptions) ? clientOptions : {}), ...(ssl === undefined ? {} : { ssl }) },
  };
}

interface KeyvInstance {
  readonly store: object;
}

/** Both majors of Keyv have hooks and statistics beside their store; adapters have not. */
function isKeyv(value: object): value is KeyvInstance {
  return "hooks" in value && "stats" in value && isObject(field(value, "store"));
}

function isSqlAdapter(value: object): value is SqlAdapter {
  return typeof field(value, "query") === "function";
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
