import { isLLMError, isRecord } from "@babylon/llm-core";
import type { AdminSettings, AdminSnapshot } from "../admin-shapes.ts";
import type { BodyIssue, CurrentSettings } from "../contract.ts";
import { AdminError } from "./admin-error.ts";
import { invalidBody } from "./invalid-body.ts";

/** The fields of a snapshot that are sent. */
export function toCurrent({ value, version, updatedAt, updatedBy }: AdminSnapshot): CurrentSettings {
  return { settings: value, version, updatedAt, updatedBy };
}

/** The error of a change whose base is not the stored version any more. */
export function conflict(snapshot: AdminSnapshot): AdminError {
  const who = snapshot.updatedBy === null ? "someone else" : snapshot.updatedBy;
  return new AdminError("conflict", `the settings were changed by ${who} in the meantime`, {
    current: toCurrent(snapshot),
  });
}

/** Runs one access to the settings. Throws `settings_unavailable` and the like. */
export async function readSettings<T>(access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (thrown) {
    throw toFailure(thrown);
  }
}

/** Runs one write to the settings. Throws as {@link readSettings} does, and `conflict` with the settings stored now. */
export async function writeSettings<T>(settings: AdminSettings, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    if (storeErrorOf(thrown)?.code !== "conflict") throw toFailure(thrown);
    throw conflict(await readSettings(() => settings.get({ fresh: true })));
  }
}

/** An error of a settings store, recognized by its code; `null` for errors of our own checks inside an update, and for others. */
function storeErrorOf(thrown: unknown): Readonly<Record<string, unknown>> | null {
  return isRecord(thrown) && !(thrown instanceof AdminError) && !isLLMError(thrown) ? thrown : null;
}

/** Maps an error of a settings store to the one that is sent; any other is returned unchanged. */
function toFailure(thrown: unknown): unknown {
  const error = storeErrorOf(thrown);
  switch (error?.code) {
    case "invalid":
      return invalidBody(issuesOf(error.issues));
    case "unavailable":
    case "timeout":
      return new AdminError("settings_unavailable", "the settings cannot be reached");
    case "write_unknown":
      return new AdminError("write_unknown", "it is not known whether the change was saved: refresh the page");
    default:
      return thrown;
  }
}

function issuesOf(given: unknown): readonly BodyIssue[] {
  const issues: readonly unknown[] = Array.isArray(given) ? given : [];
  return issues.flatMap((issue) =>
    isRecord(issue) && typeof issue.path === "string" && typeof issue.message === "string"
      ? [{ path: issue.path, message: issue.message }]
      : [],
  );
}
