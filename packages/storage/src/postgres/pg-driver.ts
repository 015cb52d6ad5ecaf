import { type ImportDriver, loadDriver } from "../import-driver.ts";

/** The result of a query. */
export interface PgResult {
  readonly rows: readonly unknown[];
}

/** The part of a client of node-postgres (`pg` 8) that is used here. */
export interface PgClient {
  connect(): Promise<unknown>;
  query(sql: string, parameters?: readonly unknown[]): Promise<PgResult>;
  end(): Promise<void>;
  unref(): void;
  on(event: string, listener: (event: unknown) => void): unknown;
  readonly connection?: { readonly stream?: { destroy(error: Error): void } | undefined } | undefined;
}

/** A client of a pool while it is in use. */
export interface PgPoolClient extends PgClient {
  /** @param destroy - close the connection, because its state is not known */
  release(destroy: boolean): void;
}

/** The part of a pool of node-postgres that is used here. */
export interface PgPool {
  connect(): Promise<PgPoolClient>;
  query(sql: string, parameters?: readonly unknown[]): Promise<PgResult>;
  end(): Promise<void>;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "connect" | "remove", listener: (client: PgClient) => void): unknown;
}

/** The classes of node-postgres that are used here. */
export interface PgDriver {
  readonly Client: new (options: object) => PgClient;
  readonly Pool: new (options: object) => PgPool;
}

/** Imports `pg`. Throws `unavailable` when it is not installed. */
export function loadPgDriver(importPackage: ImportDriver): Promise<PgDriver> {
  return loadDriver("pg", importPackage, isDriver);
}

function isDriver(module: unknown): module is PgDriver {
  if (typeof module !== "object" || module === null) return false;
  return "Client" in module && "Pool" in module && typeof module.Client === "function";
}

/**
 * Closes a client without waiting for a server that does not answer. The error is for a client that is still connecting: after `end`
 * alone, `connect` would never settle (pg 8.23), and its timer would run to its end.
 */
export function destroyPgClient(client: PgClient): void {
  client.end().catch(() => {});
  client.connection?.stream?.destroy(new Error("the connection was closed"));
}
