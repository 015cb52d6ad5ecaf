import { isRecord } from "@babylon/llm-core";
import type { AdminSnapshot } from "../admin-shapes.ts";
import type { BodyIssue, CurrentSettings } from "../contract.ts";
import { AdminError } from "./admin-error.ts";

/** What is sent of a snapshot. */
export function toCurrent({ value, version, updatedAt, updatedBy }: AdminSnapshot): CurrentSettings {
  return { settings: value, version, updatedAt, updatedBy };
}

/** The refusal of a change that somebody else was faster than. */
export function conflict(snapshot: AdminSnapshot): AdminError {
  const who = snapshot.updatedBy === null ? "somebody else" : snapshot.updatedBy;
  return new AdminError("conflict", `the settings were changed by ${who} in the meantime`, {
    current: toCurrent(snapshot),
  });
}

/** Whether a settings store refused a write because its version was not the expected one. */
export function isConflict(thrown: unknown): boolean {
  return isRecord(thrown) && thrown.code === "conflict";
}

function issuesOf(thrown: Readonly<Record<string, unknown>>): readonly BodyIssue[] {
  const issues: readonly unknown[] = Array.isArray(thrown.issues) ? thrown.issues : [];
  return issues.flatMap((issue) =>
    isRecord(issue) && typeof issue.path === "string" && typeof issue.message === "string"
      ? [{ path: issue.path, message: issue.message }]
      : [],
  );
}

/** What a settings store's failure means for the caller; anything unknown comes back as it is. */
export function toSettingsFailure(thrown: unknown): unknown {
  if (!isRecord(thrown)) return thrown;
  switch (thrown.code) {
    case "invalid":
      return new AdminError("invalid_body", "the settings are not valid", { issues: issuesOf(thrown) });
    case "unavailable":
    case "timeout":
      return new AdminError("settings_unavailable", "the settings cannot be reached");
    case "write_unknown":
      return new AdminError("write_unknown", "it is not known whether the change was saved: look again");
    default:
      return thrown;
  }
}

/** Runs one access to the settings. Throws `settings_unavailable` and the like. */
export async function readSettings<T>(access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (thrown) {
    throw toSettingsFailure(thrown);
  }
}
