import type { AssignInput, Assignment, CallRouter } from "../contract/call-router.ts";
import { isRecord } from "../json.ts";
import type { SeamGuard } from "../observe/seam-guard.ts";

/** The router of a client, which never throws; or that there is none. */
export interface Routing {
  /** @param input - made only where somebody looks at it */
  assign(input: () => AssignInput): readonly Assignment[];
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

/** Makes the routing of a client. */
export function createRouting(router: CallRouter | undefined, guard: SeamGuard): Routing {
  if (router === undefined) return NO_ROUTING;
  return {
    assign(input) {
      const assigned: unknown = guard.run("the router", "assign", () => router.assign(input()));
      if (Array.isArray(assigned) && assigned.every(isAssignment)) return assigned;
      if (assigned !== undefined) guard.failed("the router", "assign", new TypeError("no assignments"));
      return UNASSIGNED;
    },
  };
}
