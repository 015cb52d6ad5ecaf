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
  /** In the order of arrival; side by side, as there may be very many of them. */
  const values: T[] = [];
  const raws: unknown[] = [];
  /** Where the element of an id is among them. */
  const places = new Map<ElementId, number>();
  const rejected: RejectedElement[] = [];
  const wanted = new Set(part.ids ?? []);
  let earlier: ReadonlySet<string> = new Set();

  /** In the order of the ids, else of arrival. */
  function inOrder<E>(taken: readonly E[]): readonly E[] {
    if (part.ids === null) return taken.slice();
    return part.ids.flatMap((id) => {
      const at = places.get(id);
      return at === undefined ? [] : taken.slice(at, at + 1);
    });
  }

  function refuse(raw: unknown, reason: RejectedElement["reason"], issues: readonly SchemaIssue[], from: Giver) {
    rejected.push({ value: raw, reason, issues, provider: from.provider, model: from.model });
    return issues;
  }

  function keep(value: T, raw: unknown): null {
    values.push(value);
    raws.push(raw);
    return null;
  }

  function place(value: T, raw: unknown, from: Giver): readonly SchemaIssue[] | null {
    if (part.ids === null) {
      if (part.count !== null && values.length >= part.count) {
        return refuse(raw, "surplus", [{ message: `more than ${part.count} elements`, path: [] }], from);
      }
      if (earlier.size > 0 && typeof raw === "object" && earlier.has(JSON.stringify(raw))) {
        return refuse(raw, "duplicate", [{ message: "it is there already", path: [] }], from);
      }
      return keep(value, raw);
    }
    let id: ElementId;
    try {
      id = idOf(value);
    } catch {
      return refuse(raw, "invalid", [{ message: "it has no id", path: [] }], from);
    }
    if (!wanted.has(id))
      return refuse(raw, "unexpected", [{ message: `nobody asked for ${JSON.stringify(id)}`, path: [] }], from);
    if (places.has(id))
      return refuse(raw, "duplicate", [{ message: `${JSON.stringify(id)} is there already`, path: [] }], from);
    places.set(id, values.length);
    return keep(value, raw);
  }

  return {
    part,
    rejected,
    newAttempt() {
      if (part.ids === null) earlier = new Set(raws.map((raw) => JSON.stringify(raw)));
    },
    take(raw, checked, from) {
      if (!checked.ok) return refuse(raw, "invalid", checked.issues, from);
      const issues = place(checked.value, raw, from);
      if (issues === null) onItem(checked.value);
      return issues;
    },
    size: () => values.length,
    items: () => inOrder(values),
    raws: () => inOrder(raws),
    missingIds: () => (part.ids ?? []).filter((id) => !places.has(id)),
    missingCount() {
      if (part.ids !== null) return part.ids.length - values.length;
      return part.count === null ? null : part.count - values.length;
    },
  };
}
