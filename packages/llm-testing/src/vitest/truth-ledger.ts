import type { Attempt, CallRecord } from "@babylon/llm-core";
import type { RecordedRequest } from "../simulator/server/request-log.ts";
import { SIMULATED_PROVIDERS, type SimulatedProvider } from "../simulator/simulated-provider.ts";

/** Which simulated vendor a provider id of a client stands for; `null`: none of them, so its attempts are not looked at. */
export type WireOf = (providerId: string) => SimulatedProvider | null;

/** Compares what the simulator received with what records and tests say was sent. */
export interface TruthLedger {
  /** To be told of every request of the simulator. */
  request(request: RecordedRequest): void;
  /** To be told of every record. */
  record(record: CallRecord): void;
  /** A request that a test makes without a client, and so without a record. */
  attempt(provider: string, options?: { readonly mayNotReach?: boolean }): void;
  /** Everything that does not add up, in words; empty when all does. Counts since the last {@link settle}. */
  differences(): readonly string[];
  /** Starts anew, but remembers the calls, so that a request that arrives late is not taken for one of nobody. */
  settle(): void;
}

interface Count {
  requests: number;
  attempts: number;
  /** Attempts that were sent and ended before a head arrived, and so perhaps before all of the request was there. */
  mayNotReach: number;
}

/** The vendor whose id the provider's id is, or begins with: `wandb-small` is a second link to `wandb`. */
export const wireOfId: WireOf = (providerId) =>
  SIMULATED_PROVIDERS.find((wire) => providerId === wire || providerId.startsWith(`${wire}-`)) ?? null;

/** Keeps a {@link TruthLedger}. */
export function createTruthLedger(wireOf: WireOf = wireOfId): TruthLedger {
  const known = new Set<string>();
  let calls = new Map<string, Count>();
  let direct = new Map<string, Count>();
  let nobodys: RecordedRequest[] = [];

  const countOf = (counts: Map<string, Count>, key: string): Count => {
    const count = counts.get(key) ?? { requests: 0, attempts: 0, mayNotReach: 0 };
    counts.set(key, count);
    return count;
  };

  return {
    request(request) {
      if (request.endpoint !== "chat") return;
      nobodys.push(request);
    },
    record({ callId, attempts }) {
      known.add(callId);
      for (const attempt of attempts) {
        const wire = wireOf(attempt.provider);
        if (wire === null) continue;
        // Nobody may have received what has not left.
        if (attempt.sent === false) continue;
        const count = countOf(calls, `${callId} ${wire}`);
        count.attempts += 1;
        if (mayNotHaveReached(attempt)) count.mayNotReach += 1;
      }
    },
    attempt(provider, { mayNotReach = false } = {}) {
      const count = countOf(direct, wireOf(provider) ?? provider);
      count.attempts += 1;
      if (mayNotReach) count.mayNotReach += 1;
    },
    differences() {
      const ofCalls = new Map([...calls].map(([key, count]) => [key, { ...count }]));
      const ofTests = new Map([...direct].map(([key, count]) => [key, { ...count }]));
      for (const { callId, provider } of nobodys) {
        if (callId !== null && known.has(callId)) countOf(ofCalls, `${callId} ${provider}`).requests += 1;
        else countOf(ofTests, provider).requests += 1;
      }
      return [
        ...[...ofCalls].flatMap(([key, count]) =>
          differenceOf(`call ${key.replace(" ", " on ")}`, count, "attempts in its record"),
        ),
        ...[...ofTests].flatMap(([wire, count]) =>
          differenceOf(`${wire} without a record`, count, "attempts that the test told of"),
        ),
      ];
    },
    settle() {
      calls = new Map();
      direct = new Map();
      nobodys = [];
    },
  };
}

function differenceOf(subject: string, { requests, attempts, mayNotReach }: Count, what: string): readonly string[] {
  if (requests <= attempts && requests >= attempts - mayNotReach) return [];
  const allowance = mayNotReach === 0 ? "" : `, ${mayNotReach} of which may not have left`;
  return [`${subject}: ${requests} requests at the simulator, ${attempts} ${what}${allowance}`];
}

const BEFORE_HEAD: ReadonlySet<string> = new Set(["network", "timeout", "aborted", "deadline"]);

function mayNotHaveReached({ outcome, error }: Attempt): boolean {
  if (outcome === "success") return false;
  if (outcome === "aborted" || outcome === "cancelled") return true;
  return error !== undefined && error.status === null && BEFORE_HEAD.has(error.code);
}
