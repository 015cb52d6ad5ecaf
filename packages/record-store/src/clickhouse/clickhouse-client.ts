import type { Clock } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { withDeadline } from "@babylon/storage/time";
import { connectionError, exceptionError, findException } from "./clickhouse-errors.ts";
import type { ClickhouseUrl } from "./parse-clickhouse-url.ts";

/** Settings of one statement, which are sent in the query string. */
export type ClickhouseSettings = Readonly<Record<string, string | number>>;

/** One statement. */
export interface ClickhouseRequest {
  readonly sql: string;
  /** Rows of an INSERT, one JSON object a line. The statement is in the query string then, else in the body. */
  readonly rows?: string;
  readonly settings?: ClickhouseSettings;
  readonly applied: "no" | "unknown";
  readonly signal?: AbortSignal;
}

/** Statements over HTTP. */
export interface ClickhouseClient {
  /** Runs a statement, and returns the whole reply. Rejects with a `StorageError`, or with the reason of the signal. */
  send(request: ClickhouseRequest): Promise<string>;
}

/** What a client needs. */
export interface ClickhouseClientOptions {
  readonly url: ClickhouseUrl;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly limitMs: number;
}

/** Creates a client. User and password are sent as headers, never in a URL. */
export function createClickhouseClient({ url, fetch, clock, limitMs }: ClickhouseClientOptions): ClickhouseClient {
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "x-clickhouse-user": url.user,
    ...(url.password === "" ? {} : { "x-clickhouse-key": url.password }),
  };

  async function exchange({ sql, rows, settings, applied }: ClickhouseRequest, signal: AbortSignal): Promise<string> {
    const parameters = new URLSearchParams({ database: url.database });
    for (const [name, value] of Object.entries(settings ?? {})) parameters.set(name, String(value));
    if (rows !== undefined) parameters.set("query", sql);
    const response = await fetch(`${url.origin}/?${parameters}`, {
      method: "POST",
      headers,
      body: rows ?? sql,
      // A redirect would hand the password to another server.
      redirect: "error",
      signal,
    });
    const body = await response.text();
    const header = Number(response.headers.get("x-clickhouse-exception-code") ?? 0);
    if (response.ok && header === 0) return body;
    const exception = findException(body) ?? (header > 0 ? { code: header, name: null } : null);
    if (exception !== null) throw exceptionError(exception, applied);
    throw new StorageError({ message: `ClickHouse: status ${response.status}`, applied });
  }

  return {
    send(request) {
      const { applied, signal: outer } = request;
      outer?.throwIfAborted();
      const onTimeout = () =>
        new StorageError({ message: `ClickHouse: no answer within ${limitMs} ms`, applied, timedOut: true });
      return withDeadline({ clock, limitMs, onTimeout }, async (signal) => {
        try {
          return await exchange(request, outer === undefined ? signal : AbortSignal.any([signal, outer]));
        } catch (thrown) {
          outer?.throwIfAborted();
          throw thrown instanceof StorageError ? thrown : connectionError(thrown, applied);
        }
      });
    },
  };
}
