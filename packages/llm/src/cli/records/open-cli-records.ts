import { readEnv } from "@babylon/llm-core";
import type { RecordStore } from "@babylon/record-store";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { CommandContext } from "../command-context.ts";

const VARIABLE = "BABYLON_RECORDS_URL";

/**
 * Opens the records of `--records`, else of `BABYLON_RECORDS_URL`, for reads. The caller closes them.
 *
 * @throws StorageError if they cannot be opened
 * @throws UsageError if neither is set
 */
export async function openCliRecords({ flags, environment, host }: CommandContext): Promise<RecordStore> {
  const option = textFlag(flags, "records");
  const url = option ?? readEnv(environment.env, VARIABLE);
  if (url === undefined) {
    throw new UsageError(`no records: set --records or ${VARIABLE}, such as sqlite://./data/records.db`);
  }
  const { openRecordStore } = await import("@babylon/record-store");
  const at = option === undefined ? VARIABLE : "--records";
  return openRecordStore({ url, at, readOnly: true, clock: host.clock });
}
