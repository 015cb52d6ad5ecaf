import { isRecord } from "@babylon/llm-core";
import { AdminError } from "../http/admin-error.ts";

/** Makes one report. Throws `experiments_unavailable` if the rows cannot be read. */
export async function readReport<T>(access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (thrown) {
    const code = isRecord(thrown) && !(thrown instanceof AdminError) ? thrown.code : undefined;
    if (code === "unavailable") throw new AdminError("experiments_unavailable", "the experiments cannot be reached");
    throw thrown;
  }
}
