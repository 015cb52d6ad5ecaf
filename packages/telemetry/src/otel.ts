export type { ConventionNames } from "./otel/convention-names.ts";
export {
  type OpenTelemetryObserver,
  type OpenTelemetryOptions,
  observeWithOpenTelemetry,
} from "./otel/observe-with-opentelemetry.ts";
