import type { SchemaIssue } from "../errors/llm-error.ts";
import type { Checked } from "./asked-schema.ts";
import type { ElementId, RejectedElement } from "./structured-options.ts";

/** One request's share of a batch. */
export interface ArrayPart {
  /** Counts from 0. */
  readonly index: number;
  readonly total: number;
  /** `null`: no ids are expected. */
  readonly ids: readonly ElementId[] | null;
  /** `null`: as many as the model finds right. */
  readonly count: number | null;
  /** The place of its first element in the asked list. */
  readonly offset: number;
}

/** Who gave an element. */
export interface Giver {
  readonly provider: string;
  readonly model: string;
}

/** What has come of a part so far. */
export interface PartCollection<T> {
  readonly part: ArrayPart;
  /** From here on an object that is there already is a repetition: it was not in the same answer. */
  newAttempt(): void;
  /** Takes an element of an answer. Returns what is wrong with it, in the words for the model; `null` when it was taken. */
  take(raw: unknown, checked: Checked<T>, from: Giver): readonly SchemaIssue[] | null;
  size(): number;
  /** In the order of the ids, else of arrival. */
  items(): readonly T[];
  /** The elements as the model wrote them. */
  raws(): readonly unknown[];
  missingIds(): readonly ElementId[];
  /** `null`: nobody knows. */
  missingCount(): number | null;
  readonly rejected: readonly RejectedElement[];
}

interface Taken<T> {
  readonly value: T;
  readonly raw: unknown;
}

/**
 * Starts a collection.
 *
 * @param idOf - needed where the part has ids; one that throws makes the element invalid
 * @param onItem - told of each element that is taken, when it is
 */
export function createPartCollection<T>(
  part: ArrayPart,
  idOf: (value: T) => ElementId,
  onItem: (value: T) => void,
): PartCollection<T> {
  const byId = new Map<ElementId, Taken<T>>();
  const inOrder: Taken<T>[] = [];
  const rejected: RejectedElement[] = [];
  const wanted = new Set(part.ids ?? []);
  let earlier: ReadonlySet<string> = new Set();

  const all = (): readonly Taken<T>[] => (part.ids === null ? inOrder : part.ids.flatMap((id) => byId.get(id) ?? []));

  function refuse(raw: unknown, reason: RejectedElement["reason"], issues: readonly SchemaIssue[], from: Giver) {
    rejected.push({ value: raw, reason, issues, provider: from.provider, model: from.model });
    return issues;
  }

  function place(taken: Taken<T>, from: Giver): readonly SchemaIssue[] | null {
    const { value, raw } = taken;
    if (part.ids === null) {
      if (part.count !== null && inOrder.length >= part.count) {
        return refuse(raw, "surplus", [{ message: `more than ${part.count} elements`, path: [] }], from);
      }
      if (earlier.size > 0 && typeof raw === "object" && earlier.has(JSON.stringify(raw))) {
        return refuse(raw, "duplicate", [{ message: "it is there already", path: [] }], from);
      }
      inOrder.push(taken);
      return null;
    }
    let id: ElementId;
    try {
      id = idOf(value);
    } catch {
      return refuse(raw, "invalid", [{ message: "it has no id", path: [] }], from);
    }
    if (!wanted.has(id))
      return refuse(raw, "unexpected", [{ message: `nobody asked for ${JSON.stringify(id)}`, path: [] }], from);
    if (byId.has(id))
      return refuse(raw, "duplicate", [{ message: `${JSON.stringify(id)} is there already`, path: [] }], from);
    byId.set(id, taken);
    return null;
  }

  return {
    part,
    rejected,
    newAttempt() {
      if (part.ids === null) earlier = new Set(inOrder.map(({ raw }) => JSON.stringify(raw)));
    },
    take(raw, checked, from) {
      if (!checked.ok) return refuse(raw, "invalid", checked.issues, from);
      const issues = place({ value: checked.value, raw }, from);
      if (issues === null) onItem(checked.value);
      return issues;
    },
    size() {
      return part.ids === null ? inOrder.length : byId.size;
    },
    items: () => all().map(({ value }) => value),
    raws: () => all().map(({ raw }) => raw),
    missingIds: () => (part.ids ?? []).filter((id) => !byId.has(id)),
    missingCount() {
      if (part.ids !== null) return part.ids.length - byId.size;
      return part.count === null ? null : part.count - inOrder.length;
    },
  };
}
