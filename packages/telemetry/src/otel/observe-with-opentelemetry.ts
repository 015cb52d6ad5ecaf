import { type CallObserver, invalidInput } from "@babylon/llm-core";
import { type Context, context, type MeterProvider, type Span, type TracerProvider, trace } from "@opentelemetry/api";
import type { Metrics } from "../metrics/metrics.ts";
import { type ConventionNames, toNameChoice } from "./convention-names.ts";
import { createCurrentInstruments } from "./current-instruments.ts";
import { observeCall } from "./observe-call.ts";
import { SCOPE } from "./scope.ts";
import { createServerAttributes } from "./server-attributes.ts";

/** Options of {@link observeWithOpenTelemetry}. */
export interface OpenTelemetryOptions {
  /**
   * Where the counters (tokens, attempts, calls, cost) are read from. Its recorder must be one of the client's. Give it to one observer
   * only: two would report everything twice. Default: no counters, only spans and histograms.
   */
  readonly metrics?: Metrics | undefined;
  /** Default `genai-0.1`. */
  readonly names?: ConventionNames | undefined;
  /** `all`: prompts, answers, instructions and tool definitions are attributes of the attempts' spans. Default `none`. */
  readonly content?: "none" | "all" | undefined;
  /** Default: the registered one, also if it is registered later. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Default: the registered one, also if it is registered later. */
  readonly meterProvider?: MeterProvider | undefined;
}

/** A {@link CallObserver} for the `observers` of one or more clients. */
export interface OpenTelemetryObserver extends CallObserver {
  /** Ends the observation of the counters, so that the meter no longer holds the metrics. */
  close(): void;
}

const NAMES: readonly unknown[] = ["genai-0.1", "1.41", "both"];
const CONTENT: readonly unknown[] = ["none", "all"];

function checkOptions({ names = "genai-0.1", content = "none" }: OpenTelemetryOptions): {
  names: ConventionNames;
  content: "none" | "all";
} {
  if (!NAMES.includes(names)) throw invalidInput("names", `must be one of ${NAMES.join(", ")}`);
  if (!CONTENT.includes(content)) throw invalidInput("content", `must be one of ${CONTENT.join(", ")}`);
  return { names, content };
}

/** Whether a captured value is a context; another copy of the API made it, but its shape is fixed for all of version 1. */
const isContext = (value: unknown): value is Context =>
  typeof value === "object" && value !== null && "getValue" in value && "setValue" in value;

/**
 * Observes calls with OpenTelemetry: a span for each call, a CLIENT span for each attempt, histograms of their durations, and counters
 * from the metrics. Without a registered SDK nothing is recorded. Needs `@opentelemetry/api` 1.9 or later, installed by the application.
 *
 * Throws `invalid_input` for invalid options.
 */
export function observeWithOpenTelemetry(options: OpenTelemetryOptions = {}): OpenTelemetryObserver {
  const { names, content } = checkOptions(options);
  const { metrics, tracerProvider, meterProvider } = options;
  const choice = toNameChoice(names);
  const tracer = (tracerProvider ?? trace).getTracer(SCOPE);
  const instruments = createCurrentInstruments(meterProvider, metrics, choice);
  const serverAttributes = createServerAttributes();
  const inFlight = new Map<string, Span>();

  return {
    capture: () => context.active(),
    begin: (call, captured) =>
      observeCall(call, isContext(captured) ? captured : context.active(), {
        tracer,
        instruments: instruments.get(),
        names: choice,
        serverAttributes,
        withContent: content === "all",
        inFlight,
      }),
    close: () => instruments.close(),
  };
}
