import { type Attempt, type Cost, invalidInput, isRecord, type Pricer, wasRefused } from "@babylon/llm-core";
import { compilePrice } from "./price/compile-price.ts";
import { costOf, NO_PRICE, NOT_BILLED } from "./price/cost-of.ts";
import { highestNano } from "./price/highest-nano.ts";
import { indexRows } from "./price/index-rows.ts";
import { createPriceCache, type PriceCache } from "./price/price-cache.ts";
import { resolvePrice } from "./price/resolve-price.ts";
import { type OnPriceWarning, warnOnce } from "./price/warn-once.ts";
import { type CompiledRule, compileRules } from "./rules/compile-rules.ts";
import type { PriceRule } from "./rules/price-rule.ts";
import { dayOf } from "./table/day-number.ts";
import type { PriceRow } from "./table/price-row.ts";
import { PRICE_ROWS } from "./table/price-table.ts";

/** Options of {@link createPricer}. */
export interface PricerOptions {
  /** Prices of the operator, before those of the price list. */
  readonly overrides?: readonly PriceRule[] | undefined;
  /** Prices by tenant. They apply to the result of list and overrides: `{ acme: [{ provider: "groq", model: "*", multiply: [9, 10] }] }`. */
  readonly tenants?: Readonly<Record<string, readonly PriceRule[]>> | undefined;
  /** The price list. Default: that of this package. */
  readonly rows?: readonly PriceRow[] | undefined;
  /** Receives the reason of an unknown cost, once per provider and model. Errors are ignored. */
  readonly onWarning?: OnPriceWarning | undefined;
}

/**
 * Creates a pricer: what attempts cost by the vendors' price lists, in whole billionths of a US dollar.
 *
 * An attempt is priced by the model and the tier that served it, on the UTC day on which it started. A cost that cannot be calculated exactly
 * is unknown (`nanoUsd: null`), with the bounds that are certain. Pricing makes no request and never throws.
 *
 * @throws LLMError `invalid_input` with the path of an override or a tenant's price that is not valid
 */
export function createPricer({ overrides = [], tenants = {}, rows, onWarning }: PricerOptions = {}): Pricer {
  const index = indexRows(rows ?? PRICE_ROWS);
  const general = compileRules(overrides, "overrides");
  const cacheFor = (rules: readonly (readonly CompiledRule[])[]): PriceCache =>
    createPriceCache((provider, model, day) => compilePrice({ rows: index, rules }, provider, model, day));
  if (!isRecord(tenants)) throw invalidInput("tenants", "an object");
  const own = new Map(
    Object.entries(tenants).map(([tenant, rules]): [string, PriceCache] => [
      tenant,
      cacheFor([general, compileRules(rules, `tenants.${tenant}`)]),
    ]),
  );
  const shared = cacheFor([general]);
  const warn = warnOnce(onWarning);

  const cacheOf = (tenant: string | null): PriceCache => (tenant === null ? undefined : own.get(tenant)) ?? shared;

  function price(attempt: Attempt, tenant: string | null): Cost {
    const found = resolvePrice(cacheOf(tenant), attempt);
    const { provider, responseModel } = attempt;
    const model = responseModel ?? attempt.model;
    if (found !== null) {
      return costOf(found, attempt, (kind, message) => warn({ kind, provider, model, message }));
    }
    if (attempt.usage === undefined && wasRefused(attempt)) return NOT_BILLED;
    warn({ kind: "no-price", provider, model, message: "no price is known" });
    return NO_PRICE;
  }

  return {
    price(attempt, tenant) {
      try {
        return price(attempt, tenant);
      } catch {
        // An attempt that is not one, such as a record of a later version.
        return NO_PRICE;
      }
    },
    highest({ provider, model, tenant, startedAt, inputTokens, outputTokens }) {
      const found = cacheOf(tenant).get(dayOf(startedAt), provider, model);
      return found === null ? null : highestNano(found, inputTokens, outputTokens);
    },
  };
}
