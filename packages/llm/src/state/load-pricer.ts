import type { LazyPricer, Logger, Pricer } from "@babylon/llm-core";

/** An attempt is priced before it is made, so the prices cannot wait for the first call. Without any, `unknownPrice` applies. */
export async function loadPricer(
  pricer: Pricer | LazyPricer | undefined,
  logger: Logger | undefined,
): Promise<Pricer | undefined> {
  if (pricer === undefined || "price" in pricer) return pricer;
  try {
    return await pricer.load();
  } catch (thrown) {
    logger?.error("the prices of budgets could not be loaded", { problem: String(thrown) });
    return undefined;
  }
}
