import { BatchSpanProcessor, type ReadableSpan, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

/** The spans of a tracer provider, counted when they begin and end, and exported in batches as in production. */
export interface CollectedSpans {
  readonly tracerProvider: TracerProvider;
  readonly counts: { readonly begun: number; readonly ended: number };
  readonly exported: readonly ReadableSpan[];
}

/** Creates a tracer provider. @param maxQueueSize - so that no span is dropped */
export function collectSpans(maxQueueSize: number): CollectedSpans {
  const exported: ReadableSpan[] = [];
  const batch = new BatchSpanProcessor({
    maxQueueSize,
    exporter: {
      export(spans, done) {
        exported.push(...spans);
        done({ code: 0 });
      },
      shutdown: async () => {},
    },
  });
  const counts = { begun: 0, ended: 0 };
  const counting: SpanProcessor = {
    onStart() {
      counts.begun += 1;
    },
    onEnd() {
      counts.ended += 1;
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  return { tracerProvider: new TracerProvider({ spanProcessors: [counting, batch] }), counts, exported };
}
