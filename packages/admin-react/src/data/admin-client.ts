import type {
  AdminData,
  AdminReply,
  BudgetsData,
  CallData,
  CallsData,
  ExperimentAction,
  ExperimentCourse,
  ExperimentData,
  ExperimentsData,
  HistoryData,
  ProgressLine,
  PutBody,
  RollbackBody,
  SavedData,
  TestBody,
  TestData,
  UsageData,
  WriteOffBody,
  WriteOffData,
} from "@babylon/admin-api/contract";
import type { QueryParams } from "../usage/usage-params.ts";
import { readLines } from "./read-lines.ts";
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
  /** @param onProgress - the share that is done, for queries that read many calls */
  usage(params: QueryParams, signal: AbortSignal, onProgress?: (share: number) => void): Promise<UsageData>;
  usageCsv(params: QueryParams): Promise<Blob>;
  calls(params: QueryParams, signal: AbortSignal): Promise<CallsData>;
  /** @param content - with prompts and answers; needs the permission `content` */
  call(callId: string, content: boolean, signal: AbortSignal): Promise<CallData>;
  budgets(params: QueryParams, signal: AbortSignal): Promise<BudgetsData>;
  writeOff(body: WriteOffBody): Promise<WriteOffData>;
  experiments(signal: AbortSignal): Promise<ExperimentsData>;
  experiment(id: string, signal: AbortSignal): Promise<ExperimentData>;
  /** Earlier looks at the report. */
  experimentCourse(id: string, signal: AbortSignal): Promise<ExperimentCourse>;
  changeExperiment(id: string, body: ExperimentAction): Promise<SavedData>;
}

const READ_MS = 10_000;
const WRITE_MS = 15_000;
/** The server's limit for a test is 30 s. */
const TEST_MS = 40_000;
/** A usage query with several filters reads all calls of the time. */
const USAGE_MS = 60_000;
const NDJSON = "application/x-ndjson";

interface Sending {
  readonly method: "GET" | "PUT" | "POST";
  readonly below?: string;
  readonly body?: unknown;
  /** Default: JSON. */
  readonly accept?: string;
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

function toData<T>(reply: AdminReply<T> | null, status: number): T {
  if (reply?.success === true) return reply.data;
  const message = reply?.error ?? `HTTP ${status}`;
  throw new RequestFailure(kindOfStatus(status), message, reply ?? null);
}

async function readReply<T>(response: Response): Promise<T> {
  let reply: AdminReply<T>;
  try {
    reply = await response.json();
  } catch {
    const message = `the response of the server is not JSON (HTTP ${response.status})`;
    throw new RequestFailure(kindOfStatus(response.status), message);
  }
  return toData(reply, response.status);
}

/** A reply of lines: shares of the work, and the reply itself as the last line. */
async function readProgress<T>(response: Response, onProgress: (share: number) => void): Promise<T> {
  if (response.headers.get("content-type")?.startsWith(NDJSON) !== true) return readReply<T>(response);
  let reply: AdminReply<T> | null = null;
  for await (const line of readLines(response)) {
    const value: AdminReply<T> | ProgressLine = JSON.parse(line);
    if ("progress" in value) onProgress(value.progress);
    else reply = value;
  }
  if (reply === null) throw new RequestFailure("offline", "the response ended early");
  return toData(reply, response.status);
}

const withQuery = (path: string, params: QueryParams): string =>
  `${path}?${new URLSearchParams(params.map(([name, value]) => [name, value]))}`;

const experimentPath = (id: string): string => `/experiments/${encodeURIComponent(id)}`;

/** Makes the client of an endpoint. */
export function createAdminClient(endpoint: string, token: TokenSource): AdminClient {
  const base = endpoint.replace(/\/+$/, "");

  async function request({ method, below = "", body, accept, limitMs, signal }: Sending): Promise<Response> {
    const bearer = typeof token === "function" ? await token() : token;
    const limit = AbortSignal.timeout(limitMs);
    try {
      return await fetch(base + below, {
        method,
        headers: {
          accept: accept ?? "application/json",
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
  }
  const send = async <T>(sending: Sending): Promise<T> => readReply<T>(await request(sending));

  return {
    endpoint: base,
    read: (signal) => send({ method: "GET", limitMs: READ_MS, signal }),
    history: (signal) => send({ method: "GET", below: "/history", limitMs: READ_MS, signal }),
    save: (body) => send({ method: "PUT", body, limitMs: WRITE_MS }),
    test: (body) => send({ method: "POST", below: "/test", body, limitMs: TEST_MS }),
    rollBack: (body) => send({ method: "POST", below: "/rollback", body, limitMs: WRITE_MS }),
    async usage(params, signal, onProgress = () => {}) {
      const below = withQuery("/usage", params);
      const accept = `${NDJSON}, application/json`;
      return readProgress(await request({ method: "GET", below, accept, limitMs: USAGE_MS, signal }), onProgress);
    },
    async usageCsv(params) {
      const below = withQuery("/usage", params);
      const response = await request({ method: "GET", below, accept: "text/csv", limitMs: USAGE_MS });
      return response.ok ? response.blob() : readReply(response);
    },
    budgets: (params, signal) =>
      send({ method: "GET", below: withQuery("/budgets", params), limitMs: READ_MS, signal }),
    writeOff: (body) => send({ method: "POST", below: "/budgets/write-off", body, limitMs: WRITE_MS }),
    calls: (params, signal) => send({ method: "GET", below: withQuery("/calls", params), limitMs: READ_MS, signal }),
    call(callId, content, signal) {
      const below = `/calls/${encodeURIComponent(callId)}${content ? "?content=true" : ""}`;
      return send({ method: "GET", below, limitMs: READ_MS, signal });
    },
    experiments: (signal) => send({ method: "GET", below: "/experiments", limitMs: READ_MS, signal }),
    experiment: (id, signal) => send({ method: "GET", below: experimentPath(id), limitMs: USAGE_MS, signal }),
    experimentCourse: (id, signal) =>
      send({ method: "GET", below: `${experimentPath(id)}/course`, limitMs: USAGE_MS, signal }),
    changeExperiment: (id, body) => send({ method: "POST", below: experimentPath(id), body, limitMs: WRITE_MS }),
  };
}
