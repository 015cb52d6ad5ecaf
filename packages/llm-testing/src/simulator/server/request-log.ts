import type { AnswerUsage } from "../answer/simulated-request.ts";
import type { FaultKind } from "../fault/fault.ts";
import type { SimulatedProvider } from "../simulated-provider.ts";
import { SimulatorError } from "../simulator-error.ts";

/** How an exchange ended, from the server's view. A refusal counts as an answer, and so does a fault that leaves the answer whole. */
export type RequestOutcome = "pending" | "answered" | "aborted-by-client" | "faulted";

/** One request that the simulator received. */
export interface RecordedRequest {
  /** Counted from 1 within the simulator. */
  readonly id: number;
  readonly provider: SimulatedProvider;
  readonly endpoint: "chat" | "models" | "other";
  readonly method: string;
  /** Path and query, without the host. */
  readonly path: string;
  /** The model in the body; `null` if there is none. */
  readonly model: string | null;
  readonly stream: boolean;
  /** `x-client-request-id`. */
  readonly callId: string | null;
  /** The id of the request, which replies state in a header, except those of W&B. */
  readonly requestId: string;
  /** Keys are replaced by `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the key was valid. */
  readonly keyOk: boolean;
  /** The parsed body, or its text if it is not JSON; `null` without a body or with `recordBodies: false`. */
  readonly body: unknown;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** When the exchange ended, epoch milliseconds; `null`: it has not. */
  readonly endedAt: number | null;
  /** The status of the reply; `null` if none was sent yet. */
  readonly status: number | null;
  /** The fault that was applied, also one that leaves the answer whole. */
  readonly fault: FaultKind | null;
  readonly outcome: RequestOutcome;
  /** The id of the answer without the vendor's prefix; `null`: there is none. */
  readonly answerId: string | null;
  /** The usage that the reply states: all of it only if the reply arrives whole. `null`: it states none. */
  readonly usage: AnswerUsage | null;
}

/** A request that the server is handling. */
export type OpenRequest = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

/** Default timeout of waits; below the default timeout of test runners. */
const WAIT_MS = 4_000;

/** The requests of one simulator, and the pending waits for them. */
export interface RequestLog {
  readonly all: readonly RecordedRequest[];
  add(request: OpenRequest): void;
  /** Call it after a change of a request. */
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

/** Creates the request log of one simulator. */
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
