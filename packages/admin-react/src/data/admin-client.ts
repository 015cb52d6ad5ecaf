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
import { kindOfStatus, RequestFailure } from "./request-failure.ts";

/** The bearer token, or a function that is called for each request; `null` sends none, for pages that use cookies. */
export type TokenSource = string | null | (() => string | null | Promise<string | null>);

/** Calls the admin routes. Every rejection is a `RequestFailure`. */
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
/** The server's limit for a test is 30 s. */
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
    const message = `the response of the server is not JSON (HTTP ${response.status})`;
    throw new RequestFailure(kindOfStatus(response.status), message);
  }
  if (reply?.success === true) return reply.data;
  const message = reply?.error ?? `HTTP ${response.status}`;
  throw new RequestFailure(kindOfStatus(response.status), message, reply ?? null);
}

/** Makes the client of an endpoint. */
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
        limit.aborted ? "the server does not respond" : "the server cannot be reached",
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
