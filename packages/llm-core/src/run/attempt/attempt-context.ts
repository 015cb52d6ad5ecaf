import type { LinkRef } from "../../contract/link.ts";
import type { AttemptContext, ResponseHead } from "../../contract/provider.ts";
import { UNOBSERVED_ATTEMPT } from "../../observe/observing.ts";
import { timeLeftMs } from "../call.ts";
import type { Engine } from "../engine.ts";
import type { OpenAttempt } from "./attempt-state.ts";

/** The context of an adapter's call: what it reports is stored in the attempt. */
export function toContext(attempt: OpenAttempt): AttemptContext {
  const { call, link, input } = attempt;
  const { engine, controller } = input;
  // Assumed; an adapter that knows otherwise reports it.
  attempt.sent = true;
  return {
    signal: controller.signal,
    env: engine.env,
    clock: call.clock,
    callId: call.id,
    credentials: link.resolved.credentials,
    credentialId: link.resolved.ref.credential,
    limitMs: timeLeftMs(call),
    isLive: input.watcher.isReading(),
    maxResponseBytes: engine.config.maxResponseBytes,
    onResponse(head) {
      attempt.requestId = head.requestId;
      attempt.sent = true;
      restWhenSpent(engine, link.resolved.ref, head);
    },
    onBytes() {
      attempt.lastBytesAtMonoMs = call.clock.monotonic();
    },
    report(report) {
      attempt.reported = { ...attempt.reported, ...report };
      // Only observers need it in advance.
      if (report.endpoint !== undefined && attempt.observed !== UNOBSERVED_ATTEMPT) {
        engine.endpoints.note(link.resolved, engine.env, report.endpoint);
      }
      if (report.sent !== undefined) attempt.sent = report.sent;
      if (report.usage !== undefined) attempt.usage = report.usage;
      if (report.whole !== undefined) setWhole(attempt, report.whole);
    },
  };
}

/** Sets whether the answer is complete: a complete answer is still delivered when the deadline passes. */
function setWhole(attempt: OpenAttempt, whole: boolean): void {
  attempt.call.endWhole = whole ? attempt.endWhole : null;
}

/** If a reply reports that a rate limit is used up, the link rests until the limit resets, instead of being rejected. */
function restWhenSpent({ breaker }: Engine, ref: LinkRef, { rateLimits }: ResponseHead): void {
  for (const { kind, remaining, resetMs } of rateLimits) {
    if (remaining === null || remaining > 0 || resetMs === null || resetMs <= 0) continue;
    breaker.rest(ref, resetMs, `no ${kind} left until the provider's limit is reset`);
  }
}
