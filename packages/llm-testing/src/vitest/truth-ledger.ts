import type { Attempt, CallRecord } from "@babylon/llm-core";
import type { RecordedRequest } from "../simulator/server/request-log.ts";
import { SIMULATED_PROVIDERS, type SimulatedProvider } from "../simulator/simulated-provider.ts";
import { createRequestFinder } from "./request-finder.ts";
import { tokenDifferences } from "./token-differences.ts";

/** Maps a client's provider id to a simulated vendor; `null`: none, so its attempts are ignored. */
export type WireOf = (providerId: string) => SimulatedProvider | null;

/**
 * Compares the simulator's requests with the attempts in records and the requests that tests report, and the tokens that its replies
 * stated with those that attempts report.
 */
export interface TruthLedger {
  /** Call it for every request of the simulator. */
  request(request: RecordedRequest): void;
  /** Call it for every record. */
  record(record: CallRecord): void;
  /** Reports a request that a test makes without a client, and so without a record. */
  attempt(provider: string, options?: { readonly mayNotReach?: boolean }): void;
  /** Descriptions of all differences since the last {@link settle}; empty if there are none. */
  differences(): readonly string[];
  /** Starts a new period. Known calls are kept, so that late requests are still matched. */
  settle(): void;
}

interface Count {
  requests: number;
  attempts: number;
  /** Attempts that ended before a head arrived, so that their requests may be incomplete. */
  mayNotReach: number;
}

/** The vendor whose id equals the provider's id, or is its prefix: `wandb-small` is a second link to `wandb`. */
export const wireOfId: WireOf = (providerId) =>
  SIMULATED_PROVIDERS.find((wire) => providerId === wire || providerId.startsWith(`${wire}-`)) ?? null;

/** Creates a {@link TruthLedger}. */
export function createTruthLedger(wireOf: WireOf = wireOfId): TruthLedger {
  const known = new Set<string>();
  let calls = new Map<string, Count>();
  let direct = new Map<string, Count>();
  let unmatched: RecordedRequest[] = [];
  let answered: { callId: string; attempt: Attempt }[] = [];

  const countOf = (counts: Map<string, Count>, key: string): Count => {
    const count = counts.get(key) ?? { requests: 0, attempts: 0, mayNotReach: 0 };
    counts.set(key, count);
    return count;
  };

  return {
    request(request) {
      if (request.endpoint !== "chat") return;
      unmatched.push(request);
    },
    record({ callId, attempts }) {
      known.add(callId);
      for (const attempt of attempts) {
        const wire = wireOf(attempt.provider);
        if (wire === null) continue;
        // A request that was not sent must not have been received.
        if (attempt.sent === false) continue;
        const count = countOf(calls, `${callId} ${wire}`);
        count.attempts += 1;
        if (mayNotHaveReached(attempt)) count.mayNotReach += 1;
        answered.push({ callId, attempt });
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
      for (const { callId, provider } of unmatched) {
        if (callId !== null && known.has(callId)) countOf(ofCalls, `${callId} ${provider}`).requests += 1;
        else countOf(ofTests, provider).requests += 1;
      }
      const requestOf = createRequestFinder(unmatched);
      return [
        ...answered.flatMap(({ callId, attempt }) => {
          const request = requestOf(attempt);
          if (request === null) return [];
          return tokenDifferences(attempt, request).map(
            (difference) => `call ${callId}, attempt ${attempt.number} on ${attempt.provider}: ${difference}`,
          );
        }),
        ...[...ofCalls].flatMap(([key, count]) =>
          differenceOf(`call ${key.replace(" ", " on ")}`, count, "attempts in its record"),
        ),
        ...[...ofTests].flatMap(([wire, count]) =>
          differenceOf(`${wire} without a record`, count, "attempts that the test reported"),
        ),
      ];
    },
    settle() {
      calls = new Map();
      direct = new Map();
      unmatched = [];
      answered = [];
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
