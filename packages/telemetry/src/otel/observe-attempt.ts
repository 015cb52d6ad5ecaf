import type { Attempt, AttemptStart, ObservedAttempt } from "@babylon/llm-core";
import { type Context, context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { answerAttributes } from "./answer-attributes.ts";
import { answerContentAttributes, promptAttributes } from "./content-attributes.ts";
import type { NameChoice } from "./convention-names.ts";
import type { Instruments } from "./instruments.ts";
import { linkAttributes, requestAttributes } from "./request-attributes.ts";
import type { ServerAttributes } from "./server-attributes.ts";

/** What the attempts of a call share. */
export interface AttemptScope {
  readonly tracer: Tracer;
  readonly instruments: Instruments;
  readonly names: NameChoice;
  readonly serverAttributes: ServerAttributes;
  readonly withContent: boolean;
  /** The `session` of the call's unit. */
  readonly conversation: string | undefined;
  /** The context of the call's span. */
  readonly callContext: Context;
}

function describeStart(span: Span, start: AttemptStart, { conversation, withContent }: AttemptScope): void {
  const request = start.request();
  span.setAttributes(requestAttributes(request, start.transport === "stream"));
  span.setAttributes({ "babylon.attempt.number": start.number, "babylon.attempt.kind": start.kind });
  if (conversation !== undefined) span.setAttribute("gen_ai.conversation.id", conversation);
  if (withContent) span.setAttributes(promptAttributes(request));
}

/** An attempt that lost to another one is not an error: its status stays unset. */
const isError = ({ outcome }: Attempt): boolean => outcome === "failed" || outcome === "aborted";

/** Begins the span of an attempt: CLIENT, a child of the call's. What the provider's HTTP client records is its child. */
export function observeAttempt(start: AttemptStart, scope: AttemptScope): ObservedAttempt {
  const { tracer, instruments, names, serverAttributes, withContent, callContext } = scope;
  const span = tracer.startSpan(
    `chat ${start.model}`,
    { kind: SpanKind.CLIENT, attributes: { ...linkAttributes(start), ...serverAttributes(start.endpoint) } },
    callContext,
  );
  const isRecording = span.isRecording();
  // Without an SDK there is nothing to make active.
  const isTraced = isRecording || trace.isSpanContextValid(span.spanContext());
  const attemptContext = isTraced ? trace.setSpan(callContext, span) : callContext;
  if (isRecording) describeStart(span, start, scope);

  return {
    run: (send) => (isTraced ? context.with(attemptContext, send) : send()),
    end(attempt, answer) {
      try {
        if (isRecording) {
          const received = answer();
          span.setAttributes(answerAttributes(attempt, received.finishReason, names));
          if (attempt.endpoint !== start.endpoint) span.setAttributes(serverAttributes(attempt.endpoint));
          if (withContent) span.setAttributes(answerContentAttributes(received));
          if (isError(attempt)) span.setStatus({ code: SpanStatusCode.ERROR });
        }
        instruments.record(attempt, attemptContext);
      } finally {
        span.end();
      }
    },
  };
}
