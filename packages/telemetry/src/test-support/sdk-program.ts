/**
 * Makes calls with an SDK and prints what it recorded, as JSON: `node sdk-program.ts SDK API-OF-THE-SDK API-OF-THIS-PACKAGE`, such as
 * `3 1.10 1.9`.
 */
import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { hookApi } from "./api-hook.ts";

const [sdk = "3", sdkApi = "1.10", ownApi = "1.10"] = process.argv.slice(2);
hookApi({ sdk: sdkApi, own: ownApi });

interface Recorded {
  readonly name: string;
  readonly kind: number;
  readonly spanId: string;
  readonly parent: string | null;
  readonly tokens: unknown;
}

/** The spans of an exporter, as far as the test compares them. */
interface SeenSpan {
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly parentSpanContext?: { readonly spanId: string };
  spanContext(): { readonly spanId: string };
}

const toRecorded = (span: SeenSpan): Recorded => ({
  name: span.name,
  kind: span.kind,
  spanId: span.spanContext().spanId,
  parent: span.parentSpanContext?.spanId ?? null,
  tokens: span.attributes["gen_ai.usage.input_tokens"] ?? null,
});

async function startSdk2() {
  const [traces, metrics, { AsyncLocalStorageContextManager }, api] = await Promise.all([
    import("otel-trace-2"),
    import("otel-metrics-2"),
    import("otel-context-2"),
    import("otel-api-1.9"),
  ]);
  const exporter = new traces.InMemorySpanExporter();
  const batch = new traces.BatchSpanProcessor(exporter, { scheduledDelayMillis: 10 });
  const tracerProvider = new traces.BasicTracerProvider({ spanProcessors: [batch] });
  const metricExporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
  const reader = new metrics.PeriodicExportingMetricReader({ exporter: metricExporter });
  const meterProvider = new metrics.MeterProvider({ readers: [reader] });
  api.trace.setGlobalTracerProvider(tracerProvider);
  api.metrics.setGlobalMeterProvider(meterProvider);
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return { api, tracerProvider, meterProvider, exporter, metricExporter };
}

async function startSdk3() {
  const [traces, metrics, { AsyncLocalStorageContextManager }, api] = await Promise.all([
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/sdk-metrics"),
    import("@opentelemetry/context-async-hooks"),
    import("@opentelemetry/api"),
  ]);
  const exporter = new traces.InMemorySpanExporter();
  const batch = new traces.BatchSpanProcessor({ exporter, scheduledDelayMillis: 10 });
  const tracerProvider = new traces.TracerProvider({ spanProcessors: [batch] });
  const metricExporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
  const reader = new metrics.PeriodicExportingMetricReader({ exporter: metricExporter });
  const meterProvider = new metrics.MeterProvider({ readers: [reader] });
  api.trace.setGlobalTracerProvider(tracerProvider);
  api.metrics.setGlobalMeterProvider(meterProvider);
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return { api, tracerProvider, meterProvider, exporter, metricExporter };
}

// Before the SDK: a provider that is registered later must be found.
const { observeWithOpenTelemetry } = await import("../otel/observe-with-opentelemetry.ts");
const { createMetrics } = await import("../metrics/create-metrics.ts");
const metrics = createMetrics();
const observer = observeWithOpenTelemetry({ metrics });
const { api, tracerProvider, meterProvider, exporter, metricExporter } = await (sdk === "2"
  ? startSdk2()
  : startSdk3());
const llm = createLLMClient({
  providers: [mockProvider({ id: "a" })],
  observers: [observer],
  recorders: [metrics.recorder],
});
const request = api.trace.getTracer("the application").startSpan("request");
const answers = await api.context.with(api.trace.setSpan(api.context.active(), request), () =>
  Promise.all([llm.generateText({ prompt: "Hello?" }), llm.streamText({ prompt: "Hello?" }).result]),
);
request.end();
await llm.close();
await tracerProvider.forceFlush();
await meterProvider.forceFlush();
const collected = metricExporter.getMetrics().at(-1)?.scopeMetrics ?? [];
const report = {
  answers: answers.length,
  spans: exporter.getFinishedSpans().map(toRecorded),
  metrics: collected.flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name)).sort(),
};
console.log(JSON.stringify(report));
await meterProvider.shutdown();
await tracerProvider.shutdown();
