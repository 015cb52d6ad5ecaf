import type { CallOptions } from "../contract/call-options.ts";
import type { AssignInput, Assignment, CallRouter } from "../contract/call-router.ts";
import { isRecord } from "../contract/json.ts";
import type { SystemSettings } from "../contract/settings.ts";
import type { SeamGuard } from "../observe/seam-guard.ts";

/** The router of a client, which never throws; or that there is none. */
export interface Routing {
  /** @param callId - `null`: a plan outside of a call */
  assign(settings: SystemSettings, options: CallOptions, callId: string | null): readonly Assignment[];
}

/** In no experiment. */
export const UNASSIGNED: readonly Assignment[] = [];

const NO_ROUTING: Routing = { assign: () => UNASSIGNED };

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
  const { agent = null, tenant = null, purpose = null, unit = null } = options;
  return { settings, agent, tenant, purpose, unit, callId: callId ?? options.callId ?? null };
}

/** Makes the routing of a client. */
export function createRouting(router: CallRouter | undefined, guard: SeamGuard): Routing {
  if (router === undefined) return NO_ROUTING;
  return {
    assign(settings, options, callId) {
      const input = toInput(settings, options, callId);
      const assigned: unknown = guard.run("the router", "assign", () => router.assign(input));
      if (Array.isArray(assigned) && assigned.every(isAssignment)) return assigned;
      if (assigned !== undefined) guard.failed("the router", "assign", new TypeError("no assignments"));
      return UNASSIGNED;
    },
  };
}
