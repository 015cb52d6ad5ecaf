import { type LazyPricer, type Logger, type Pricer, silentLogger } from "@babylon/llm-core";

/** What prices the attempts of a client. `false`: nothing, so that costs are `null`. */
export type PricerOption = Pricer | LazyPricer | false | undefined;

/** What the default pricer needs. */
export interface PricerContext {
  readonly logger: Logger | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Settles the option `pricer`. Default: the vendors' price lists, loaded by the first call. `undefined`: costs are `null`. */
export function toPricer(option: PricerOption, context: PricerContext): Pricer | LazyPricer | undefined {
  if (option === false) return undefined;
  return option ?? { load: () => loadPricer(context) };
}

async function loadPricer({ logger = silentLogger, now }: PricerContext): Promise<Pricer> {
  // Loaded here and not above: a start needs no prices.
  const { createPricer, pricesWarning } = await import("@babylon/prices");
  const warning = pricesWarning(now());
  if (warning !== null) logger.warn(warning);
  return createPricer({
    onWarning: ({ kind, provider, model, message }) =>
      logger.info("the cost of an attempt is not known", { reason: kind, provider, model, message }),
  });
}
