import { PROVIDERS, type ProviderId } from "./providers.ts";

/** The faults of the simulator, in addition to an HTTP status. */
export const FAULT_KINDS = [
  "hang",
  "slow",
  "stall",
  "reset",
  "truncate",
  "malformed",
  "html",
  "empty",
  "error",
  "wrong-shape",
] as const;

/** The name of a fault. */
export type FaultName = (typeof FAULT_KINDS)[number];

/** The fault of every call to a provider: an HTTP status or a name. */
export interface RequestedFault {
  readonly provider: ProviderId;
  readonly fault: number | FaultName;
}

const KINDS = FAULT_KINDS.join(", ");

/**
 * Reads `wandb=503,groq=hang`.
 *
 * @returns the faults, or an error message
 */
export function parseFaults(text: string): { faults: readonly RequestedFault[] } | { wrong: string } {
  const faults: RequestedFault[] = [];
  for (const entry of text.split(",")) {
    const [name = "", how, ...rest] = entry.trim().split("=");
    const provider = PROVIDERS.find(({ id }) => id === name.trim())?.id;
    if (how === undefined || rest.length > 0) return { wrong: `expected provider=fault, got "${entry}"` };
    if (provider === undefined)
      return { wrong: `"${name}" is none of the providers ${PROVIDERS.map(({ id }) => id).join(", ")}` };
    if (faults.some((fault) => fault.provider === provider)) return { wrong: `${provider} is given twice` };
    const fault = toFault(how.trim());
    if (fault === null) return { wrong: `"${how}" is neither an HTTP status from 300 to 599 nor one of ${KINDS}` };
    faults.push({ provider, fault });
  }
  return { faults };
}

function toFault(how: string): number | FaultName | null {
  if (/^[345]\d\d$/.test(how)) return Number(how);
  return FAULT_KINDS.find((kind) => kind === how) ?? null;
}
