import { isRecord, type SystemSettings } from "@babylon/llm-core";
import { isEqual, ownMember } from "./merge-patch.ts";
import { parseChangedTuned } from "./parse-settings.ts";

/** Checks the tuned models that a change has touched; the others may be of a newer version. Returns the changed settings. Throws `invalid`. Pure. */
export function checkChangedTuned(before: SystemSettings, after: SystemSettings): SystemSettings {
  const [stored, changed] = [tableOf(before), tableOf(after)];
  const touched = Object.entries(changed).filter(([name, entry]) => !isEqual(ownMember(stored, name), entry));
  if (touched.length > 0) parseChangedTuned(Object.fromEntries(touched));
  return after;
}

const tableOf = ({ tuned }: SystemSettings): Readonly<Record<string, unknown>> => (isRecord(tuned) ? tuned : {});
