import { context, type DiagLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  MeterProvider,
  type MetricData,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type Span,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll } from "vitest";

/** How many spans began and ended. */
export interface SpanCounts {
  readonly begun: number;
  readonly ended: number;
}

/** A live SDK in a test, with everything that it recorded. */
export interface TraceBench {
  readonly tracerProvider: TracerProvider;
  readonly meterProvider: MeterProvider;
  /** The exported spans in the order of their ends. */
  spans(): readonly ReadableSpan[];
  counts(): SpanCounts;
  /** What the SDK complained of: a span that ended twice, or was written to after its end. */
  readonly complaints: readonly string[];
  metric(name: string): Promise<MetricData | undefined>;
  /** The sum of the values of a counter, or the count of a histogram, over the data points with these attributes. */
  total(name: string, attributes?: Readonly<Record<string, unknown>>): Promise<number>;
  metricNames(): Promise<readonly string[]>;
}

/** A reader that collects on request only. */
class RequestedReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** Uses an asynchronous context manager and a strict logger of the SDK in all tests of a file. */
export function useAsyncContext(): { readonly complaints: readonly string[] } {
  const complaints: string[] = [];
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    diag.setLogger(strictLogger(complaints), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  });
  afterAll(() => {
    context.disable();
    diag.disable();
  });
  return { complaints };
}

function strictLogger(complaints: string[]): DiagLogger {
  const complain = (message: string): void => void complaints.push(message);
  return { error: complain, warn: complain, info() {}, debug() {}, verbose() {} };
}

const matches = (point: DataPoint<unknown>, wanted: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(wanted).every(([name, value]) => point.attributes[name] === value);

const amountOf = ({ value }: DataPoint<number | Histogram | object>): number => {
  if (typeof value === "number") return value;
  return "count" in value && typeof value.count === "number" ? value.count : Number.NaN;
};

/** Creates a live SDK whose exporters keep everything in memory. */
export function createTraceBench({ complaints }: { readonly complaints: readonly string[] }): TraceBench {
  const exporter = new InMemorySpanExporter();
  let begun = 0;
  let ended = 0;
  const counter: SpanProcessor = {
    onStart(_span: Span) {
      begun += 1;
    },
    onEnd() {
      ended += 1;
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracerProvider = new TracerProvider({ spanProcessors: [counter, new SimpleSpanProcessor({ exporter })] });
  const reader = new RequestedReader({
    aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
  });
  const meterProvider = new MeterProvider({ readers: [reader] });

  async function collect(): Promise<readonly MetricData[]> {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  }
  const metric = async (name: string): Promise<MetricData | undefined> =>
    (await collect()).find(({ descriptor }) => descriptor.name === name);

  return {
    tracerProvider,
    meterProvider,
    spans: () => exporter.getFinishedSpans(),
    counts: () => ({ begun, ended }),
    complaints,
    metric,
    async total(name, attributes = {}) {
      const points: readonly DataPoint<number | Histogram | object>[] = (await metric(name))?.dataPoints ?? [];
      return points.filter((point) => matches(point, attributes)).reduce((sum, point) => sum + amountOf(point), 0);
    },
    metricNames: async () => (await collect()).map(({ descriptor }) => descriptor.name).sort(),
  };
}
