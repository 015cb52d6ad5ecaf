import type { LinkHealth } from "@babylon/llm-core";
import type { Family } from "./exposition.ts";

type Load = Pick<LinkHealth, "active" | "queued">;

/**
 * The load of each provider. All models of a provider with one key share their limit and state the same load, and a model that was called
 * with several keys has an entry for each: so the largest sum of one model counts each key once.
 */
function loadByProvider(health: readonly LinkHealth[]): ReadonlyMap<string, Load> {
  const byModel = new Map<string, { provider: string; active: number; queued: number }>();
  for (const { provider, model, active, queued } of health) {
    const key = JSON.stringify([provider, model]);
    const sum = byModel.get(key) ?? { provider, active: 0, queued: 0 };
    byModel.set(key, { provider, active: sum.active + active, queued: sum.queued + queued });
  }
  const loads = new Map<string, Load>();
  for (const { provider, active, queued } of byModel.values()) {
    const most = loads.get(provider) ?? { active: 0, queued: 0 };
    loads.set(provider, { active: Math.max(most.active, active), queued: Math.max(most.queued, queued) });
  }
  return loads;
}

/** A breaker that waits, or that admits a probe alone, is open. A rate limit that the provider named is not a failure. */
const isOpen = ({ state }: LinkHealth): boolean => state === "open" || state === "half-open";

function openByLink(health: readonly LinkHealth[]): readonly { provider: string; model: string; open: boolean }[] {
  const links = new Map<string, { provider: string; model: string; open: boolean }>();
  for (const link of health) {
    const { provider, model } = link;
    const key = JSON.stringify([provider, model]);
    links.set(key, { provider, model, open: isOpen(link) || links.get(key)?.open === true });
  }
  return [...links.values()];
}

/** The gauges of a client's health. */
export function healthGauges(health: readonly LinkHealth[]): readonly Family[] {
  const loads = [...loadByProvider(health)];
  return [
    {
      name: "babylon_in_flight",
      help: "Requests in flight, by provider.",
      type: "gauge",
      samples: loads.map(([provider, { active }]) => ({ labels: { provider }, value: active })),
    },
    {
      name: "babylon_queue_length",
      help: "Calls that wait for a slot, by provider.",
      type: "gauge",
      samples: loads.map(([provider, { queued }]) => ({ labels: { provider }, value: queued })),
    },
    {
      name: "babylon_breaker_open",
      help: "1 while the circuit breaker of a model is open or half open, with any key; else 0.",
      type: "gauge",
      samples: openByLink(health).map(({ provider, model, open }) => ({
        labels: { provider, model },
        value: open ? 1 : 0,
      })),
    },
  ];
}
