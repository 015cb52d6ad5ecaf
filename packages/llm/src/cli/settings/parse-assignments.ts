import type { SettingsPatch } from "@babylon/settings-store";
import { UsageError } from "../arguments/usage-error.ts";

type Tree = { [key: string]: unknown };

const FORMS =
  "order, budgets, providers.<id>.model, providers.<id>.enabled, agents.<id>.provider, .model or .models.<provider>, experiments.<id>.state, tuned.<name>";

/** Paths of one level. */
const WHOLE: readonly string[] = ["order", "providers", "agents", "budgets", "experiments", "tuned"];

/**
 * Parses assignments such as `providers.wandb.model=...` and `order=groq,wandb` into one merge patch. The value `null` removes a
 * setting. An agent's id may contain dots. The store validates ids and models. Pure.
 *
 * @throws UsageError if an assignment has another form, or a path is assigned twice
 */
export function parseAssignments(assignments: readonly string[]): SettingsPatch {
  const patch: Tree = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    if (equals < 1) throw new UsageError(`expected path=value, got "${assignment}"; paths are ${FORMS}`);
    const path = assignment.slice(0, equals).trim();
    const keys = parsePath(path);
    put(patch, keys, parseValue(keys, assignment.slice(equals + 1).trim(), path), path);
  }
  return patch;
}

/**
 * The keys of a settings path, such as `providers`, `agents.mayor` or `order`. Pure.
 *
 * @throws UsageError for an unknown path
 */
export function parsePath(path: string): readonly string[] {
  const keys = splitPath(path);
  if (keys === null || keys.includes("")) throw new UsageError(`unknown setting "${path}"; paths are ${FORMS}`);
  return keys;
}

function splitPath(path: string): readonly string[] | null {
  if (WHOLE.includes(path)) return [path];
  // Names may have dots, too.
  const tuned = /^tuned\.(.+)$/.exec(path)?.[1];
  if (tuned !== undefined) return ["tuned", tuned];
  // Ids of experiments may have dots; the fields of one are set with --patch.
  const experiment = /^experiments\.(.+?)(?:\.(state))?$/.exec(path);
  if (experiment !== null) return ["experiments", ...experiment.slice(1).filter((key) => key !== undefined)];
  const provider = /^providers\.([^.]+)(?:\.(model|enabled))?$/.exec(path);
  if (provider !== null) return ["providers", ...provider.slice(1).filter((key) => key !== undefined)];
  if (!path.startsWith("agents.")) return null;
  const rest = path.slice("agents.".length);
  const models = /^(.+)\.models\.([^.]+)$/.exec(rest);
  if (models !== null) return ["agents", models[1] ?? "", "models", models[2] ?? ""];
  const field = /^(.+)\.(provider|model|models)$/.exec(rest);
  return field === null ? ["agents", rest] : ["agents", field[1] ?? "", field[2] ?? ""];
}

function parseValue(keys: readonly string[], text: string, path: string): unknown {
  if (text === "null") return null;
  if (text === "") throw new UsageError(`${path}: expected a value; null removes it`);
  if (keys[0] === "order") return text.split(",").map((id) => id.trim());
  if (keys[0] === "budgets") return parseJson(text, path);
  const field = keys.at(-1);
  if (keys[0] === "providers" && keys.length === 3 && field === "enabled") {
    if (text === "true" || text === "false") return text === "true";
    throw new UsageError(`${path}: expected true or false, got "${text}"`);
  }
  const isLeaf = keys.length === 4 || (keys.length === 3 && field !== "models");
  if (isLeaf) return text;
  throw new UsageError(`${path} is an object: assign one of its values, or remove it with null`);
}

function put(patch: Tree, keys: readonly string[], value: unknown, path: string): void {
  const [key = "", ...rest] = keys;
  if (rest.length === 0) {
    if (Object.hasOwn(patch, key)) throw new UsageError(`${path} is assigned twice`);
    setOwn(patch, key, value);
    return;
  }
  if (!Object.hasOwn(patch, key)) setOwn(patch, key, {});
  const below = patch[key];
  if (typeof below !== "object" || below === null) throw new UsageError(`${path}: its parent is assigned as well`);
  // Objects in the patch are created above.
  put(below as Tree, rest, value, path);
}

/** Makes a key such as `__proto__` an ordinary property, which the store rejects. */
function setOwn(tree: Tree, key: string, value: unknown): void {
  Object.defineProperty(tree, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The store validates the rules. */
function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${path}: expected a JSON list of budget rules, got "${text}"`);
  }
}
