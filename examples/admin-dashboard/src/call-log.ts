import type { CallRecord } from "@babylon/llm-core";
import type { RecentCall } from "./dashboard-state.ts";

const KEPT = 40;

/** Remembers the last calls of this process for the page. */
export interface CallLog {
  /** To be given to the client as a recorder. */
  record(record: CallRecord): void;
  /** Newest first. */
  list(): readonly RecentCall[];
}

/** Keeps what the page shows of a call: nothing that was said in it. */
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
      calls = [call, ...calls].slice(0, KEPT);
    },
    list: () => calls,
  };
}
