import type { Attempt } from "@babylon/llm-core";
import { dayOf } from "../table/day-number.ts";
import type { CompiledPrice } from "./compiled-price.ts";
import type { PriceCache } from "./price-cache.ts";

/** What OpenAI adds to an alias to name its snapshot: `gpt-4o-mini` is answered by `gpt-4o-mini-2024-07-18`. */
const SNAPSHOT = /^-\d{4}-\d{2}-\d{2}$/;

/**
 * The price of the model that answered, else of the requested one. An answering model without a price has that of the requested model only if
 * it is its snapshot.
 */
export function resolvePrice(
  cache: PriceCache,
  { provider, model, responseModel, startedAt }: Attempt,
): CompiledPrice | null {
  const day = dayOf(startedAt);
  if (responseModel === null || responseModel === undefined || responseModel === model) {
    return cache.get(day, provider, model);
  }
  const price = cache.get(day, provider, responseModel);
  if (price !== null) return price;
  const isSnapshot = responseModel.startsWith(model) && SNAPSHOT.test(responseModel.slice(model.length));
  return isSnapshot ? cache.get(day, provider, model) : null;
}
