import type { CallRecord } from "@babylon/llm-core";
import type { RecentCall } from "./dashboard-state.ts";

const MAX_CALLS = 40;

/** The last calls of this process, for the page. */
export interface CallLog {
  /** Pass it to the client as a recorder. */
  record(record: CallRecord): void;
  /** Newest first. */
  list(): readonly RecentCall[];
}

/** Keeps the facts of a call that the page shows, without content. */
export function createCallLog(): CallLog {
  let calls: readonly RecentCall[] = [];
  return {
    record({ callId, startedAt, durationMs, outcome, error, agent, purpose, provider, model, attempts }) {
      const call: RecentCall = {
        id: callId,
        at: startedAt,
        durationMs,
        agent,
        purpose,
        provider,
        model,
        attempts: attempts.length,
        error: outcome === "success" ? null : (error?.code ?? outcome),
      };
      calls = [call, ...calls].slice(0, MAX_CALLS);
    },
    list: () => calls,
  };
}
