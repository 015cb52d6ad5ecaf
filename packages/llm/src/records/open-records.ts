import { type Clock, type Env, type Logger, readEnv } from "@babylon/llm-core";
import type { RecordStore } from "@babylon/record-store";

/** Where records of calls are stored: a URL, a store of your own, or nowhere. */
export type RecordsOption = string | RecordStore | false | undefined;

/** The records of a client, and how to close what was opened for it. */
export interface OpenedRecords {
  /** `null`: calls are not recorded. */
  readonly records: RecordStore | null;
  close(): Promise<void>;
}

const VARIABLE = "BABYLON_RECORDS_URL";

const nothingToClose = async (): Promise<void> => {};

/** Opens the store of a URL, or of `BABYLON_RECORDS_URL`. Throws a `StorageError` if it cannot be opened. */
export async function openRecords(
  option: RecordsOption,
  env: Env,
  { logger, clock }: { readonly logger?: Logger | undefined; readonly clock?: Clock | undefined },
): Promise<OpenedRecords> {
  if (typeof option === "object") return { records: option, close: nothingToClose };
  const url = option === undefined ? readEnv(env, VARIABLE) : option;
  if (url === undefined || url === false) return { records: null, close: nothingToClose };
  // Loaded here and not above: a client without records needs none of it.
  const { openRecordStore } = await import("@babylon/record-store");
  const at = option === undefined ? VARIABLE : "records";
  const records = await openRecordStore({ url, at, logger, clock });
  return { records, close: () => records.close() };
}
