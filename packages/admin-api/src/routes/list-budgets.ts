import type { BudgetWindow, BudgetWriteOff } from "@babylon/budget/contract";
import * as v from "valibot";
import { type AdminContext, type AdminRequest, budgetOf } from "../admin-context.ts";
import type { AdminBudget } from "../admin-shapes.ts";
import { sortWindows } from "../budgets/sort-windows.ts";
import type { BudgetsData, WindowSpenders } from "../contract.ts";
import { AdminError } from "../http/admin-error.ts";
import { toResponse } from "../http/json-response.ts";
import { readQuery } from "../http/read-query.ts";

const MAX_WINDOWS = 500;
const DEFAULT_SPENDERS = 5;
const MAX_SPENDERS = 20;
const MAX_KEY = 2_000;
const MAX_WRITE_OFFS = 50;

interface BudgetsParams {
  readonly spenders?: readonly string[] | undefined;
}

const paramsSchema: v.GenericSchema<unknown, BudgetsParams> = v.strictObject(
  {
    spenders: v.optional(
      v.pipe(
        v.array(v.pipe(v.string(), v.maxLength(MAX_KEY, `a key has at most ${MAX_KEY} characters`))),
        v.maxLength(MAX_SPENDERS, `at most ${MAX_SPENDERS} windows`),
      ),
    ),
  },
  "unknown parameter",
);

/** `GET …/budgets`: the current windows, the most used first, and who spends in some of them. */
export async function listBudgets(context: AdminContext, { request }: AdminRequest): Promise<Response> {
  const budget = budgetOf(context);
  const { spenders } = readQuery(paramsSchema, request);
  const windows = sortWindows(await budget.status());
  const asked =
    spenders === undefined ? windows.slice(0, DEFAULT_SPENDERS) : windows.filter(({ key }) => spenders.includes(key));
  const found = await readSpenders(context, asked, request.signal);
  const data: BudgetsData = {
    windows: windows.slice(0, MAX_WINDOWS),
    total: windows.length,
    outage: budget.outage(),
    rulesOfCode: budget.rulesOfCode ?? [],
    spenders: found,
    recordsAway: context.records !== null && found === null,
    writeOffs: await readWriteOffs(budget),
    now: context.clock.now(),
  };
  return toResponse(data);
}

/** Budgets are shown without them; `null`: the store is away. */
async function readWriteOffs(budget: AdminBudget): Promise<readonly BudgetWriteOff[] | null> {
  try {
    return await budget.writeOffs(MAX_WRITE_OFFS);
  } catch {
    return null;
  }
}

/** Budgets are shown without the records; `null`: there are none, or they are away. */
async function readSpenders(
  { records, spenders }: AdminContext,
  windows: readonly BudgetWindow[],
  abortSignal: AbortSignal,
): Promise<readonly WindowSpenders[] | null> {
  if (records === null) return null;
  try {
    return await spenders.read(windows, abortSignal);
  } catch (thrown) {
    if (thrown instanceof AdminError && thrown.code === "records_unavailable") return null;
    throw thrown;
  }
}
