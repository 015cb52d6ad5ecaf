/** Maximum number of cached plans. Calls of one client differ in few ways: agent, required capabilities, experiment arm. */
const MAX_PLANS = 32;

/** A least-recently-used cache of plans: calls with equal inputs get the same object. */
export interface PlanCache<Inputs extends object, Plan> {
  /** The cached plan of equal inputs, else the result of `plan`, which is then cached. */
  get(inputs: Inputs, plan: (inputs: Inputs) => Plan): Plan;
}

/** Compares all fields by identity, and fields that are lists item by item. */
function haveEqualFields<T extends object>(a: T, b: T): boolean {
  for (const field in a) {
    const [one, other] = [a[field], b[field]];
    if (one !== other && !areEqualLists(one, other)) return false;
  }
  return true;
}

function areEqualLists(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!haveEqualFields(a[at], b[at])) return false;
  return true;
}

/**
 * Creates an empty cache. Thousands of queued calls with the same inputs then hold one plan instead of a copy each. All inputs of a plan
 * are compared, so a cached plan cannot be stale.
 */
export function createPlanCache<Inputs extends object, Plan>(): PlanCache<Inputs, Plan> {
  const entries: { readonly inputs: Inputs; readonly plan: Plan }[] = [];

  return {
    get(inputs, plan) {
      const [latest] = entries;
      if (latest !== undefined && haveEqualFields(latest.inputs, inputs)) return latest.plan;
      const at = entries.findIndex((each) => haveEqualFields(each.inputs, inputs));
      const [entry = { inputs, plan: plan(inputs) }] = at === -1 ? [] : entries.splice(at, 1);
      entries.unshift(entry);
      if (entries.length > MAX_PLANS) entries.pop();
      return entry.plan;
    },
  };
}
