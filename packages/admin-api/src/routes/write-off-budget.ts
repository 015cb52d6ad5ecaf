import { isLLMError, isRecord } from "@babylon/llm-core";
import { type AdminContext, type AdminRequest, budgetOf } from "../admin-context.ts";
import type { WriteOffBody, WriteOffData } from "../contract.ts";
import { writeOffSchema } from "../contract-schema.ts";
import { AdminError } from "../http/admin-error.ts";
import { toResponse } from "../http/json-response.ts";
import { parseBody, readJsonBody } from "../http/read-json-body.ts";
import { takePermit } from "../http/take-permit.ts";

const AWAY: ReadonlySet<unknown> = new Set(["unavailable", "timeout", "closed"]);

/**
 * `POST …/budgets/write-off`: removes presumed amounts from a window, with the permission to write. The list of write-offs and the log have
 * who did it, how much, and why.
 */
export async function writeOffBudget(context: AdminContext, { request, actor }: AdminRequest): Promise<Response> {
  const budget = budgetOf(context);
  const { key, presumed, reason = null } = parseBody(writeOffSchema, await readJsonBody(request, context));
  takePermit(context.writeOffLimit, "too many write-offs in the last minute: try again later");
  const windowOf = async () => (await budget.status()).find((window) => window.key === key);
  const before = await windowOf();
  if (budget.outage() !== null) throw away();
  if (before === undefined) throw new AdminError("unknown_budget", "no current window of a budget has this key");
  // While the store is away, nothing is known of what is presumed.
  if (before.presumed === null) throw away();
  await remove(() => budget.writeOff(key, presumed, { actor, reason }));
  const after = (await windowOf()) ?? null;
  context.logger.info("presumed amounts of a budget were written off", toLogFields({ key, presumed }, actor, before));
  const data: WriteOffData = { window: after };
  return toResponse(data, "Presumed amounts were written off");
}

const away = () => new AdminError("budgets_unavailable", "the store of budgets cannot be reached");

const toLogFields = (
  { key, presumed }: WriteOffBody,
  actor: string,
  before: { readonly presumed: number | null; readonly unit: string; readonly rule: string },
) => ({
  actor,
  rule: before.rule,
  key,
  writtenOff: presumed ?? before.presumed,
  presumedBefore: before.presumed,
  unit: before.unit,
});

async function remove(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    // The window has ended since it was found.
    if (isLLMError(thrown, "invalid_input")) {
      throw new AdminError("unknown_budget", "no current window of a budget has this key");
    }
    if (isRecord(thrown) && AWAY.has(thrown.code)) throw away();
    throw thrown;
  }
}
