import { isLLMError, isRecord } from "@babylon/llm-core";
import { AdminError } from "../http/admin-error.ts";
import { invalidQuery } from "../http/read-query.ts";

/** Runs one access to the records. Throws `records_unavailable`, and `invalid_query` for what the store refuses, such as a cursor. */
export async function readRecords<T>(access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (thrown) {
    if (isLLMError(thrown) && thrown.code === "invalid_input") {
      const [, path = "", message = thrown.message] = /^(\w+): (.+)$/s.exec(thrown.message) ?? [];
      throw invalidQuery([{ path, message }]);
    }
    const code = isRecord(thrown) && !(thrown instanceof AdminError) ? thrown.code : undefined;
    if (code === "unavailable" || code === "timeout" || code === "closed") {
      throw new AdminError("records_unavailable", "the records cannot be reached");
    }
    throw thrown;
  }
}
