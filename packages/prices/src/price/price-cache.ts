import type { CompiledPrice } from "./compiled-price.ts";

/** Compiled prices by day, provider and model. `null`: no price is known. */
export interface PriceCache {
  get(day: number, provider: string, model: string): CompiledPrice | null;
}

/** Yesterday's attempts may end today, and clocks may be wrong. */
const MAX_DAYS = 4;
/** Replies name models, so their number is not ours to choose. */
const MAX_MODELS = 2_000;

type ByModel = Map<string, CompiledPrice | null>;

/** Creates a cache that compiles each price once. It is emptied when it is full. */
export function createPriceCache(
  compile: (provider: string, model: string, day: number) => CompiledPrice | null,
): PriceCache {
  const days = new Map<number, Map<string, ByModel>>();
  let size = 0;

  function add(byModel: ByModel, provider: string, model: string, day: number): CompiledPrice | null {
    const price = compile(provider, model, day);
    if (size >= MAX_MODELS) {
      days.clear();
      size = 0;
      return price;
    }
    byModel.set(model, price);
    size += 1;
    return price;
  }

  return {
    get(day, provider, model) {
      let byProvider = days.get(day);
      if (byProvider === undefined) {
        if (days.size >= MAX_DAYS) {
          days.clear();
          size = 0;
        }
        byProvider = new Map();
        days.set(day, byProvider);
      }
      let byModel = byProvider.get(provider);
      if (byModel === undefined) {
        byModel = new Map();
        byProvider.set(provider, byModel);
      }
      const price = byModel.get(model);
      return price === undefined ? add(byModel, provider, model, day) : price;
    },
  };
}
