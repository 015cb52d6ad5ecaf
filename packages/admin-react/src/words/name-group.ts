import type { UsageDimension } from "@babylon/admin-api/contract";

/** The dimensions in the order of the page, as words. */
export const DIMENSION_WORDS: Readonly<Record<UsageDimension, string>> = {
  provider: "Provider",
  model: "Model",
  agent: "Agent",
  tenant: "Tenant",
  purpose: "Purpose",
  outcome: "Outcome",
};

/** All dimensions. */
export const DIMENSION_NAMES: readonly UsageDimension[] = [
  "provider",
  "model",
  "agent",
  "tenant",
  "purpose",
  "outcome",
];

const SPECIAL: Readonly<Record<string, string>> = { "(other)": "Other", "(erased)": "Erased" };

/** A group as words; the empty name is that of calls without one. */
export function nameGroup(dimension: UsageDimension, name: string, nameOf: (provider: string) => string): string {
  if (name === "") return dimension === "provider" || dimension === "model" ? "No answer" : `No ${dimension}`;
  const special = Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
  return special ?? (dimension === "provider" ? nameOf(name) : name);
}
