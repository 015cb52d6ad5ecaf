/** Plans kept. Calls of one client differ in few ways: by agent, by what they need, by the arm of an experiment. */
const KEPT = 32;

/** Lets calls with the same inputs have the same plan: the very same object. */
export interface PlanSharing<Inputs extends object, Plan> {
  /** The plan of equal inputs, if it is one of the latest, else the one that `plan` makes of them. */
  share(inputs: Inputs, plan: (inputs: Inputs) => Plan): Plan;
}

/** Compares all fields that there are: those of a list's items one by one, every other one as it is. */
function isSame<T extends object>(a: T, b: T): boolean {
  for (const field in a) {
    const [one, other] = [a[field], b[field]];
    if (one !== other && !isSameList(one, other)) return false;
  }
  return true;
}

function isSameList(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!isSame(a[at], b[at])) return false;
  return true;
}

/**
 * Nothing to share yet. Thousands of calls wait at once, and nearly all of them are planned alike: they hold one plan, not a copy each.
 * The inputs are the key: a plan can depend on nothing that is not compared.
 */
export function createPlanSharing<Inputs extends object, Plan>(): PlanSharing<Inputs, Plan> {
  const kept: { readonly inputs: Inputs; readonly plan: Plan }[] = [];

  return {
    share(inputs, plan) {
      const [latest] = kept;
      if (latest !== undefined && isSame(latest.inputs, inputs)) return latest.plan;
      const at = kept.findIndex((each) => isSame(each.inputs, inputs));
      const [found = { inputs, plan: plan(inputs) }] = at === -1 ? [] : kept.splice(at, 1);
      kept.unshift(found);
      if (kept.length > KEPT) kept.pop();
      return found.plan;
    },
  };
}
