import type { CallRecord, CallStart, ObservedCall } from "@babylon/llm-core";
import {
  type Attributes,
  type AttributeValue,
  type Context,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { type AttemptScope, observeAttempt } from "./observe-attempt.ts";

/** What the calls of an observer share. */
export interface CallScope extends Omit<AttemptScope, "conversation" | "callContext"> {
  /** The spans of the calls in flight, by call id: calls that share their answer link to them. */
  readonly inFlight: Map<string, Span>;
}

function startAttributes({ callId, agent, purpose, tenant }: CallStart): Attributes {
  const attributes: Record<string, AttributeValue> = { "babylon.call.id": callId };
  if (agent !== null) attributes["babylon.agent"] = agent;
  if (purpose !== null) attributes["babylon.purpose"] = purpose;
  if (tenant !== null) attributes["babylon.tenant"] = tenant;
  return attributes;
}

/** No model, usage or cost: those are on attempts alone, so that no backend adds them twice. */
function endAttributes({ outcome, error, attempts, provider }: CallRecord): Attributes {
  const attributes: Record<string, AttributeValue> = {
    "babylon.call.outcome": outcome,
    "babylon.call.attempts": attempts.length,
  };
  if (provider !== null) attributes["babylon.call.provider"] = provider;
  if (error !== undefined) attributes["error.type"] = error.code;
  return attributes;
}

function linkTo({ inFlight }: CallScope, joins: string | null): Link[] {
  const joined = joins === null ? undefined : inFlight.get(joins);
  return joined === undefined ? [] : [{ context: joined.spanContext(), attributes: { "babylon.link": "joins" } }];
}

/** Begins the span of a call: INTERNAL, a child of what was active where the call was made. */
export function observeCall(start: CallStart, parent: Context, scope: CallScope): ObservedCall {
  const { tracer, inFlight } = scope;
  const { callId, joins, unit } = start;
  const span = tracer.startSpan("llm call", { kind: SpanKind.INTERNAL, links: linkTo(scope, joins) }, parent);
  const isRecording = span.isRecording();
  const isTraced = isRecording || trace.isSpanContextValid(span.spanContext());
  // Not at its creation, where an SDK checks each attribute twice: no sampler decides on these.
  if (isRecording) span.setAttributes(startAttributes(start));
  if (isTraced) inFlight.set(callId, span);
  const attemptScope: AttemptScope = {
    ...scope,
    conversation: unit?.session,
    callContext: isTraced ? trace.setSpan(parent, span) : parent,
  };

  return {
    attempt(begun) {
      if (begun.kind === "continue") {
        const { number, provider, model } = begun;
        span.addEvent("babylon.continue", {
          "babylon.attempt.number": number,
          "babylon.to.provider": provider,
          "babylon.to.model": model,
        });
      }
      return observeAttempt(begun, attemptScope);
    },
    restart({ from, to, discardedChars }) {
      span.addEvent("babylon.restart", {
        "babylon.from.provider": from.provider,
        "babylon.from.model": from.model,
        "babylon.to.provider": to.provider,
        "babylon.to.model": to.model,
        "babylon.discarded_chars": discardedChars,
      });
    },
    end(record) {
      // Ids are the caller's: a later call may have the same.
      if (isTraced && inFlight.get(callId) === span) inFlight.delete(callId);
      if (isRecording) {
        span.setAttributes(endAttributes(record));
        if (record.outcome !== "success") span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}
