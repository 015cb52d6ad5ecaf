import { createRequire } from "node:module";

/** The answer to a query. */
export interface PgResult {
  readonly rows: readonly unknown[];
}

/** What is used of a client of node-postgres (`pg` 8). */
export interface PgClient {
  connect(): Promise<unknown>;
  query(sql: string, parameters?: readonly unknown[]): Promise<PgResult>;
  end(): Promise<void>;
  unref(): void;
  on(event: string, listener: (event: unknown) => void): unknown;
  emit(event: string, ...details: unknown[]): boolean;
  readonly connection?: { readonly stream?: { destroy(): void } | undefined } | undefined;
}

/** What is used of a pool of node-postgres. */
export interface PgPool {
  query(sql: string, parameters?: readonly unknown[]): Promise<PgResult>;
  end(): Promise<void>;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "connect" | "remove", listener: (client: PgClient) => void): unknown;
}

/** The two classes of node-postgres. */
export interface PgDriver {
  readonly Client: new (options: object) => PgClient;
  readonly Pool: new (options: object) => PgPool;
}

/**
 * The very `pg` that `@keyv/postgres` uses. It is a dependency of that package, not of this one, so it is looked up from there. `null`
 * where it cannot be found.
 */
export async function findPgDriver(): Promise<PgDriver | null> {
  return fromAdapter() ?? (await fromHere());
}

function fromAdapter(): PgDriver | null {
  try {
    const adapter = createRequire(import.meta.url).resolve("@keyv/postgres");
    return driverIn(createRequire(adapter)("pg"));
  } catch {
    return null;
  }
}

async function fromHere(): Promise<PgDriver | null> {
  // A variable, so that neither the type checker nor a bundler insists on the package.
  const name: string = "pg";
  const module: unknown = await import(name).catch(() => null);
  return driverIn(typeof module === "object" && module !== null && "default" in module ? module.default : module);
}

function driverIn(module: unknown): PgDriver | null {
  return isDriver(module) ? module : null;
}

function isDriver(module: unknown): module is PgDriver {
  if (typeof module !== "object" || module === null) return false;
  return "Client" in module && "Pool" in module && typeof module.Client === "function";
}

/** Ends a client without waiting for a server that does not answer. */
export function destroyPgClient(client: PgClient): void {
  client.end().catch(() => {});
  client.connection?.stream?.destroy();
}
