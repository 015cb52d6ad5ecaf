import type {
  AdminData,
  AdminReply,
  HistoryData,
  PutBody,
  RollbackBody,
  SavedData,
  TestBody,
  TestData,
} from "@babylon/admin-api/contract";
import { RequestFailure } from "./request-failure.ts";

/** The bearer token, or where to get it at each request; `null` sends none (the page's cookies do it then). */
export type TokenSource = string | null | (() => string | null | Promise<string | null>);

/** The admin routes, as the tab calls them. Every rejection is a `RequestFailure`. */
export interface AdminClient {
  readonly endpoint: string;
  read(signal: AbortSignal): Promise<AdminData>;
  history(signal: AbortSignal): Promise<HistoryData>;
  save(body: PutBody): Promise<SavedData>;
  test(body: TestBody): Promise<TestData>;
  rollBack(body: RollbackBody): Promise<SavedData>;
}

const READ_MS = 10_000;
const WRITE_MS = 15_000;
/** The server gives a test 30 s. */
const TEST_MS = 40_000;

interface Sending {
  readonly method: "GET" | "PUT" | "POST";
  readonly below?: string;
  readonly body?: unknown;
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

async function readReply<T>(response: Response): Promise<T> {
  let reply: AdminReply<T>;
  try {
    reply = await response.json();
  } catch {
    if (response.status === 401 || response.status === 403) throw new RequestFailure("unauthorised", "not let in");
    throw new RequestFailure("refused", `the server's answer cannot be read (HTTP ${response.status})`);
  }
  if (reply?.success === true) return reply.data;
  const message = reply?.error ?? `HTTP ${response.status}`;
  const kind = response.status === 401 || response.status === 403 ? "unauthorised" : "refused";
  throw new RequestFailure(kind, message, reply ?? null);
}

/** Makes the caller of an endpoint. */
export function createAdminClient(endpoint: string, token: TokenSource): AdminClient {
  const base = endpoint.replace(/\/+$/, "");

  async function send<T>({ method, below = "", body, limitMs, signal }: Sending): Promise<T> {
    const bearer = typeof token === "function" ? await token() : token;
    const limit = AbortSignal.timeout(limitMs);
    let response: Response;
    try {
      response = await fetch(base + below, {
        method,
        headers: {
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        },
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (thrown) {
      if (signal?.aborted === true) throw thrown;
      throw new RequestFailure(
        "offline",
        limit.aborted ? "the server does not answer" : "the server cannot be reached",
      );
    }
    return readReply<T>(response);
  }

  return {
    endpoint: base,
    read: (signal) => send({ method: "GET", limitMs: READ_MS, signal }),
    history: (signal) => send({ method: "GET", below: "/history", limitMs: READ_MS, signal }),
    save: (body) => send({ method: "PUT", body, limitMs: WRITE_MS }),
    test: (body) => send({ method: "POST", below: "/test", body, limitMs: TEST_MS }),
    rollBack: (body) => send({ method: "POST", below: "/rollback", body, limitMs: WRITE_MS }),
  };
}
