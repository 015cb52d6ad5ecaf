import { isRecord } from "../contract/json.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { agentId, modelId, providerId } from "./check-settings-ids.ts";
import { boolean, either, listOf, number, type OptionCheck, objectOf, oneOf, string } from "./checks.ts";

/** More rules than anyone needs; each attempt reserves in all that match. */
const MAX_RULES = 30;

const MINUTE_MS = 60_000;
const MAX_ROLLING_MS = 31 * 86_400_000;

const orAny =
  (check: OptionCheck): OptionCheck =>
  (value, path) => {
    if (value !== "*") check(value, path);
  };

const label: OptionCheck = string({
  pattern: /^\P{C}{1,200}$/u,
  expected: "1 to 200 characters without control characters",
});

const scopeFields = objectOf({
  tenant: label,
  purpose: label,
  agent: orAny(agentId),
  provider: orAny(providerId),
  model: orAny(modelId),
});

const scope: OptionCheck = (value, path) => {
  if (value === "all") return;
  if (!isRecord(value)) throw invalidInput(path, '"all", or an object with tenant, agent, purpose, provider or model');
  scopeFields(value, path);
  if (Object.values(value).every((field) => field === undefined)) {
    throw invalidInput(path, "at least one of tenant, agent, purpose, provider and model");
  }
};

const period: OptionCheck = either(
  `"hour", "day", "week", "month", "total" or { rollingMs } from ${MINUTE_MS} to ${MAX_ROLLING_MS}`,
  oneOf("hour", "day", "week", "month", "total"),
  objectOf({ rollingMs: number({ min: MINUTE_MS, max: MAX_ROLLING_MS, whole: true }) }, ["rollingMs"]),
);

const timeZone: OptionCheck = (value, path) => {
  try {
    if (typeof value === "string") {
      new Intl.DateTimeFormat("en-US", { timeZone: value });
      return;
    }
  } catch {
    // Not a time zone.
  }
  throw invalidInput(path, "an IANA time zone, such as Europe/Berlin");
};

const fields = objectOf(
  {
    id: string({ pattern: /^[\w-]{1,64}$/, expected: "1 to 64 characters of a-z, A-Z, 0-9, _ and -" }),
    scope,
    per: period,
    timeZone,
    limitUsd: number({ min: 0, max: 9_000_000 }),
    limitTokens: number({ min: 0, max: 9e15, whole: true }),
    warnAt: number({ above: 0, max: 1 }),
    atLimit: oneOf("refuse", "warn"),
    paused: boolean,
  },
  ["id", "scope", "per"],
);

const rule: OptionCheck = (value, path) => {
  fields(value, path);
  if (!isRecord(value)) return;
  if ((value.limitUsd === undefined) === (value.limitTokens === undefined)) {
    throw invalidInput(path, "either limitUsd or limitTokens");
  }
};

const rules = listOf(rule);

/** Validates a list of budget rules of a caller. Throws `invalid_input` with the path of a mistake, below `path`. */
export function checkBudgetRules(value: unknown, path: string): void {
  rules(value, path);
  if (!Array.isArray(value)) return;
  if (value.length > MAX_RULES) throw invalidInput(path, `at most ${MAX_RULES} rules`);
  const ids = new Set<unknown>();
  for (const [index, { id }] of value.entries()) {
    if (ids.has(id)) throw invalidInput(`${path}[${index}].id`, "an id that no other rule has");
    ids.add(id);
  }
}
