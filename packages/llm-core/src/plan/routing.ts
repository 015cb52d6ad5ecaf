import type { CallOptions } from "../contract/call-options.ts";
import type { AssignInput, Assignment, CallRouter } from "../contract/call-router.ts";
import { isRecord } from "../contract/json.ts";
import type { SystemSettings } from "../contract/settings.ts";
import type { SeamGuard } from "../observe/seam-guard.ts";

/** Assigns calls by the router of a client. Never throws. */
export interface Routing {
  /** @param callId - `null`: a plan without a call */
  assign(settings: SystemSettings, options: CallOptions, callId: string | null): readonly Assignment[];
}

/** The assignments of a call that is in no experiment. */
export const NO_ASSIGNMENTS: readonly Assignment[] = [];

const NO_ROUTING: Routing = { assign: () => NO_ASSIGNMENTS };

const isIdOrAbsent = (value: unknown): boolean => value === undefined || (typeof value === "string" && value !== "");

function isAssignment(value: unknown): value is Assignment {
  return (
    isRecord(value) &&
    typeof value.experiment === "string" &&
    typeof value.arm === "string" &&
    isIdOrAbsent(value.provider) &&
    isIdOrAbsent(value.model) &&
    (value.models === undefined || (isRecord(value.models) && Object.values(value.models).every(isIdOrAbsent)))
  );
}

function toInput(settings: SystemSettings, options: CallOptions, callId: string | null): AssignInput {
  const { agent = null, tenant = null, purpose = null, unit = null, provider, models } = options;
  return { settings, agent, tenant, purpose, unit, callId: callId ?? options.callId ?? null, provider, models };
}

/** Creates the routing of a client; without a router it assigns nothing. */
export function createRouting(router: CallRouter | undefined, guard: SeamGuard): Routing {
  if (router === undefined) return NO_ROUTING;
  return {
    assign(settings, options, callId) {
      const input = toInput(settings, options, callId);
      const assigned: unknown = guard.run("the router", "assign", () => router.assign(input));
      if (Array.isArray(assigned) && assigned.every(isAssignment)) return assigned;
      if (assigned !== undefined)
        guard.failed("the router", "assign", new TypeError("the router returned invalid assignments"));
      return NO_ASSIGNMENTS;
    },
  };
}
