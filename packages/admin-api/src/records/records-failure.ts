import { isRecord } from "@babylon/llm-core";
import { AdminError } from "../http/admin-error.ts";
import { invalidQuery } from "../http/read-query.ts";

/** Runs one access to the records. Throws `records_unavailable`, and `invalid_query` for a cursor that the store refuses. */
export async function readRecords<T>(access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (thrown) {
    const code = isRecord(thrown) && !(thrown instanceof AdminError) ? thrown.code : undefined;
    if (code === "unavailable" || code === "timeout" || code === "closed") {
      throw new AdminError("records_unavailable", "the records cannot be reached");
    }
    if (code === "invalid_cursor") throw invalidQuery([{ path: "before", message: "is not a cursor of this store" }]);
    throw thrown;
  }
}
