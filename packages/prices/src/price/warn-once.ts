import type { PriceWarning } from "./price-warning.ts";

/** Receives reasons for unknown costs. */
export type OnPriceWarning = (warning: PriceWarning) => void;

/** After this many different ones, the first are reported again. */
const MAX_WARNINGS = 1_000;

/** Passes on each reason once per provider and model. The receiver's errors are ignored: pricing must not fail. */
export function warnOnce(onWarning: OnPriceWarning | undefined): OnPriceWarning {
  if (onWarning === undefined) return () => {};
  const warned = new Set<string>();
  return (warning) => {
    const key = `${warning.kind}\n${warning.provider}\n${warning.model}\n${warning.message}`;
    if (warned.has(key)) return;
    if (warned.size >= MAX_WARNINGS) warned.clear();
    warned.add(key);
    try {
      onWarning(warning);
    } catch {
      // An unknown cost is no less correct without its warning.
    }
  };
}
