import type { BudgetRule, ScopeField } from "@babylon/admin-api/contract";
import { SCOPE_ORDER } from "../words/describe-rule.ts";

/** When a budget starts anew, as in the list of the form. */
export type FormPeriod = "hour" | "day" | "week" | "month" | "total" | "rolling";

/** The unit of the length of a rolling period. */
export type RollingUnit = "minutes" | "hours" | "days";

/** The state of the form of a rule, as text where a visitor types. */
export interface BudgetForm {
  /** The rule that is edited; empty: a new one. */
  readonly editing: string;
  readonly id: string;
  readonly counts: "all" | "some";
  /** Names by field; `*`: a budget for each. Empty: any. */
  readonly scope: Readonly<Record<ScopeField, string>>;
  readonly per: FormPeriod;
  readonly rolling: string;
  readonly rollingUnit: RollingUnit;
  readonly timeZone: string;
  readonly unit: "usd" | "tokens";
  readonly limit: string;
  /** Percent. */
  readonly warnAt: string;
  readonly atLimit: "refuse" | "warn";
  /** Changed by the button of the rule, not in the form. */
  readonly paused: boolean;
}

/** A field that can be wrong. */
export type BudgetField = "id" | "scope" | "rolling" | "timeZone" | "limit" | "warnAt";

/** What is wrong with each field. */
export type BudgetProblems = { readonly [F in BudgetField]?: string };

const UNIT_MS: Readonly<Record<RollingUnit, number>> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
const MAX_ROLLING_MS = 31 * 86_400_000;
const MAX_USD = 9_000_000;
const DEFAULT_WARN_AT = 0.8;

function toNames(nameIn: (field: ScopeField) => unknown): BudgetForm["scope"] {
  const textOf = (field: ScopeField) => {
    const value = nameIn(field);
    return isText(value) ? value : "";
  };
  return {
    tenant: textOf("tenant"),
    agent: textOf("agent"),
    purpose: textOf("purpose"),
    provider: textOf("provider"),
    model: textOf("model"),
  };
}

const NO_SCOPE: BudgetForm["scope"] = { tenant: "", agent: "", purpose: "", provider: "", model: "" };

/** The form of a new rule: $100 a month for all calls. */
export const NEW_BUDGET: BudgetForm = {
  editing: "",
  id: "",
  counts: "all",
  scope: NO_SCOPE,
  per: "month",
  rolling: "24",
  rollingUnit: "hours",
  timeZone: "UTC",
  unit: "usd",
  limit: "100",
  warnAt: "80",
  atLimit: "refuse",
  paused: false,
};

const inRolling = (ms: number): Pick<BudgetForm, "rolling" | "rollingUnit"> => {
  const rollingUnit = (["days", "hours"] as const).find((unit) => ms % UNIT_MS[unit] === 0) ?? "minutes";
  return { rolling: String(ms / UNIT_MS[rollingUnit]), rollingUnit };
};

/** The form of a rule. */
export function toBudgetForm(rule: BudgetRule): BudgetForm {
  const {
    id,
    scope,
    per,
    timeZone = "UTC",
    limitUsd,
    limitTokens,
    warnAt = DEFAULT_WARN_AT,
    atLimit = "refuse",
    paused = false,
  } = rule;
  return {
    ...NEW_BUDGET,
    editing: id,
    id,
    counts: scope === "all" ? "all" : "some",
    scope: scope === "all" ? NO_SCOPE : toNames((field) => scope[field]),
    per: typeof per === "string" ? per : "rolling",
    ...(typeof per === "string" ? {} : inRolling(per.rollingMs)),
    timeZone,
    unit: limitUsd === undefined ? "tokens" : "usd",
    limit: String(limitUsd ?? limitTokens ?? ""),
    warnAt: String(Number((warnAt * 100).toFixed(6))),
    atLimit,
    paused,
  };
}

const numberOf = (text: string): number => (/^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN);

const rollingMsOf = ({ rolling, rollingUnit }: BudgetForm): number => numberOf(rolling) * UNIT_MS[rollingUnit];

/** Whether a time zone has a period of its own: a rolling one and a total are the same everywhere. */
export const hasTimeZone = ({ per }: BudgetForm): boolean => per !== "rolling" && per !== "total";

/** The rule of a form without problems. */
export function fromBudgetForm(form: BudgetForm): BudgetRule {
  const { id, counts, scope, per, unit, atLimit } = form;
  const names = SCOPE_ORDER.flatMap((field) => (scope[field].trim() === "" ? [] : [[field, scope[field].trim()]]));
  const timeZone = form.timeZone.trim();
  const warnAt = numberOf(form.warnAt) / 100;
  const limit = numberOf(form.limit);
  return {
    id: id.trim(),
    scope: counts === "all" ? "all" : Object.fromEntries(names),
    per: per === "rolling" ? { rollingMs: rollingMsOf(form) } : per,
    ...(hasTimeZone(form) && timeZone !== "UTC" ? { timeZone } : {}),
    ...(unit === "usd" ? { limitUsd: limit } : { limitTokens: limit }),
    ...(warnAt === DEFAULT_WARN_AT ? {} : { warnAt }),
    ...(atLimit === "refuse" ? {} : { atLimit }),
    ...(form.paused ? { paused: true } : {}),
  };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

function limitProblem({ unit, limit }: BudgetForm): string | undefined {
  const value = numberOf(limit);
  if (Number.isNaN(value)) return "Enter a number, such as 100 or 0.50.";
  if (unit === "usd") return value > MAX_USD ? "At most 9,000,000 dollars." : undefined;
  return Number.isSafeInteger(value) ? undefined : "Enter a whole number of tokens.";
}

/** What is wrong with a form; empty: nothing. The server checks the rule again. Pure. */
export function budgetProblems(form: BudgetForm, taken: readonly string[]): BudgetProblems {
  const id = form.id.trim();
  const rollingMs = rollingMsOf(form);
  const warnAt = numberOf(form.warnAt);
  const limit = limitProblem(form);
  const idProblem = !/^[\w-]{1,64}$/.test(id)
    ? "Enter 1 to 64 letters, digits, hyphens or underscores."
    : id !== form.editing && taken.includes(id)
      ? "There is a budget with this name."
      : undefined;
  const isWholeLength = Number.isInteger(rollingMs) && rollingMs >= UNIT_MS.minutes && rollingMs <= MAX_ROLLING_MS;
  return {
    ...(idProblem === undefined ? {} : { id: idProblem }),
    ...(form.counts === "some" && Object.values(form.scope).every((name) => name.trim() === "")
      ? { scope: "Enter at least one name, or choose all calls." }
      : {}),
    ...(form.per === "rolling" && !isWholeLength ? { rolling: "From 1 minute to 31 days." } : {}),
    ...(hasTimeZone(form) && !isTimeZone(form.timeZone.trim())
      ? { timeZone: "Enter an IANA time zone, such as Europe/Berlin." }
      : {}),
    ...(limit === undefined ? {} : { limit }),
    ...(warnAt > 0 && warnAt <= 100 ? {} : { warnAt: "Above 0 and at most 100 percent." }),
  };
}

const isText = (value: unknown): value is string => typeof value === "string";
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((each) => each === value);

/** A stored form; `null` where it is none. */
export function parseBudgetForm(stored: unknown): BudgetForm | null {
  if (typeof stored !== "object" || stored === null) return null;
  const form: Partial<Record<keyof BudgetForm, unknown>> = stored;
  const { editing, id, rolling, timeZone, limit, warnAt, scope } = form;
  const counts = oneOf(["all", "some"], form.counts);
  const per = oneOf(["hour", "day", "week", "month", "total", "rolling"], form.per);
  const rollingUnit = oneOf(["minutes", "hours", "days"], form.rollingUnit);
  const unit = oneOf(["usd", "tokens"], form.unit);
  const atLimit = oneOf(["refuse", "warn"], form.atLimit);
  if (!isText(editing) || !isText(id) || !isText(rolling) || !isText(timeZone) || !isText(limit) || !isText(warnAt))
    return null;
  if (counts === undefined || per === undefined || rollingUnit === undefined) return null;
  if (unit === undefined || atLimit === undefined || typeof scope !== "object" || scope === null) return null;
  const names: Partial<Record<ScopeField, unknown>> = scope;
  return {
    editing,
    id,
    counts,
    scope: toNames((field) => names[field]),
    per,
    rolling,
    rollingUnit,
    timeZone,
    unit,
    limit,
    warnAt,
    atLimit,
    paused: form.paused === true,
  };
}
