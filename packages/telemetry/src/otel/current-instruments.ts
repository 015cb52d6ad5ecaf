import { type MeterProvider, metrics as metricsApi } from "@opentelemetry/api";
import type { Metrics } from "../metrics/metrics.ts";
import type { NameChoice } from "./convention-names.ts";
import { createInstruments, type Instruments } from "./instruments.ts";
import { SCOPE } from "./scope.ts";

/** The instruments of the meter provider that is registered now. */
export interface CurrentInstruments {
  get(): Instruments;
  close(): void;
}

/**
 * Follows the registered meter provider: one that is registered after the observer was created is used from the next call on. (A tracer
 * follows its provider by itself; a meter does not, API 1.9 and 1.10.)
 */
export function createCurrentInstruments(
  given: MeterProvider | undefined,
  metrics: Metrics | undefined,
  names: NameChoice,
): CurrentInstruments {
  let provider: MeterProvider | null = null;
  let instruments: Instruments | null = null;
  let isClosed = false;

  return {
    get() {
      const registered = given ?? metricsApi.getMeterProvider();
      if (instruments !== null && registered === provider) return instruments;
      instruments?.close();
      provider = registered;
      instruments = createInstruments(registered.getMeter(SCOPE), isClosed ? undefined : metrics, names);
      return instruments;
    },
    close() {
      isClosed = true;
      instruments?.close();
    },
  };
}
