import type { FaultKind } from "../fault/fault.ts";
import type { SimulatedProvider } from "../simulated-provider.ts";
import { SimulatorError } from "../simulator-error.ts";

/** How an exchange ended, seen from the server. A refusal is an answer; a fault that leaves the answer whole is one too. */
export type RequestOutcome = "pending" | "answered" | "aborted-by-client" | "faulted";

/** One request that the simulator received. */
export interface RecordedRequest {
  /** Counts from 1 in the life of the simulator. */
  readonly id: number;
  readonly provider: SimulatedProvider;
  readonly endpoint: "chat" | "models" | "other";
  readonly method: string;
  /** With its query, without the host. */
  readonly path: string;
  /** As the body names it; `null`: it does not. */
  readonly model: string | null;
  readonly stream: boolean;
  /** `x-client-request-id`. */
  readonly callId: string | null;
  /** Keys are replaced by `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the key was the right one. */
  readonly keyOk: boolean;
  /** The parsed body; the text where it is no JSON; `null` without one, or with `recordBodies: false`. */
  readonly body: unknown;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Of the reply; `null`: none was sent, or not yet. */
  readonly status: number | null;
  /** The fault that met it, also one that leaves the answer whole. */
  readonly fault: FaultKind | null;
  readonly outcome: RequestOutcome;
}

/** A request in the hands of the server. */
export type OpenRequest = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

/** Waits no longer than this unless told otherwise; below the limit that test runners have for a test. */
const WAIT_MS = 4_000;

/** The requests of one simulator and those who wait for one. */
export interface RequestLog {
  readonly all: readonly RecordedRequest[];
  add(request: OpenRequest): void;
  /** To be called when something about a request has changed. */
  changed(): void;
  clear(): void;
  subscribe(listener: (request: RecordedRequest) => void): () => void;
  wait(what: string, find: () => RecordedRequest | undefined, timeoutMs?: number): Promise<RecordedRequest>;
  failWaits(error: SimulatorError): void;
}

interface Waiter {
  readonly find: () => RecordedRequest | undefined;
  readonly settle: (found: RecordedRequest | SimulatorError) => void;
}

/** Keeps the requests of one simulator. */
export function createRequestLog(): RequestLog {
  const all: RecordedRequest[] = [];
  const listeners = new Set<(request: RecordedRequest) => void>();
  const waiters = new Set<Waiter>();
  const changed = (): void => {
    for (const waiter of waiters) {
      const found = waiter.find();
      if (found !== undefined) waiter.settle(found);
    }
  };
  return {
    all,
    add(request) {
      all.push(request);
      for (const listener of listeners) listener(request);
      changed();
    },
    changed,
    clear() {
      all.length = 0;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    wait(what, find, timeoutMs = WAIT_MS) {
      const found = find();
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          find,
          settle(result) {
            clearTimeout(timer);
            waiters.delete(waiter);
            if (result instanceof SimulatorError) reject(result);
            else resolve(result);
          },
        };
        const late = (): void =>
          waiter.settle(new SimulatorError("timeout", `${what}: nothing within ${timeoutMs} ms`));
        const timer = setTimeout(late, timeoutMs);
        waiters.add(waiter);
      });
    },
    failWaits(error) {
      for (const waiter of waiters) waiter.settle(error);
    },
  };
}
