import type { SchemaIssue } from "../../errors/error-details.ts";
import type { Checked } from "../schema/requested-schema.ts";
import type { ElementId, RejectedElement } from "../structured-options.ts";

/** The part of a batch that one request is for. */
export interface ArrayPart {
  /** Counts from 0. */
  readonly index: number;
  readonly total: number;
  /** `null`: no ids are expected. */
  readonly ids: readonly ElementId[] | null;
  /** `null`: the model decides. */
  readonly count: number | null;
  /** Index of its first element in the whole list. */
  readonly offset: number;
}

/** The link that gave an element. */
export interface ElementSource {
  readonly provider: string;
  readonly model: string;
}

/** The collected elements of a part. */
export interface PartCollection<T> {
  readonly part: ArrayPart;
  /** Starts a new attempt: from here on, an object equal to one of an earlier answer is a duplicate. */
  newAttempt(): void;
  /** Adds an element of an answer. Returns the issues for the model if it was rejected; `null` if it was accepted. */
  add(raw: unknown, checked: Checked<T>, from: ElementSource): readonly SchemaIssue[] | null;
  size(): number;
  /** In the order of the ids; without ids, in order of arrival. */
  items(): readonly T[];
  /** The elements as the model wrote them. */
  raws(): readonly unknown[];
  missingIds(): readonly ElementId[];
  /** `null`: unknown. */
  missingCount(): number | null;
  readonly rejected: readonly RejectedElement[];
}

/**
 * Creates an empty collection.
 *
 * @param idOf - used if the part has ids; if it throws, the element is invalid
 * @param onItem - called for each accepted element
 */
export function createPartCollection<T>(
  part: ArrayPart,
  idOf: (value: T) => ElementId,
  onItem: (value: T) => void,
): PartCollection<T> {
  /** In order of arrival. Parallel arrays, because there may be very many elements. */
  const values: T[] = [];
  const raws: unknown[] = [];
  /** The index of the element of each id. */
  const places = new Map<ElementId, number>();
  const rejected: RejectedElement[] = [];
  const requestedIds = new Set(part.ids ?? []);
  let earlier: ReadonlySet<string> = new Set();

  /** In the order of the ids; without ids, in order of arrival. */
  function inOrder<E>(taken: readonly E[]): readonly E[] {
    if (part.ids === null) return taken.slice();
    return part.ids.flatMap((id) => {
      const at = places.get(id);
      return at === undefined ? [] : taken.slice(at, at + 1);
    });
  }

  function reject(
    raw: unknown,
    reason: RejectedElement["reason"],
    issues: readonly SchemaIssue[],
    from: ElementSource,
  ) {
    rejected.push({ value: raw, reason, issues, provider: from.provider, model: from.model });
    return issues;
  }

  function keep(value: T, raw: unknown): null {
    values.push(value);
    raws.push(raw);
    return null;
  }

  function place(value: T, raw: unknown, from: ElementSource): readonly SchemaIssue[] | null {
    if (part.ids === null) {
      if (part.count !== null && values.length >= part.count) {
        return reject(raw, "surplus", [{ message: `more than ${part.count} elements`, path: [] }], from);
      }
      if (earlier.size > 0 && typeof raw === "object" && earlier.has(JSON.stringify(raw))) {
        return reject(raw, "duplicate", [{ message: "duplicate of an earlier element", path: [] }], from);
      }
      return keep(value, raw);
    }
    let id: ElementId;
    try {
      id = idOf(value);
    } catch {
      return reject(raw, "invalid", [{ message: "it has no id", path: [] }], from);
    }
    if (!requestedIds.has(id))
      return reject(raw, "unexpected", [{ message: `unexpected id ${JSON.stringify(id)}`, path: [] }], from);
    if (places.has(id))
      return reject(raw, "duplicate", [{ message: `duplicate id ${JSON.stringify(id)}`, path: [] }], from);
    places.set(id, values.length);
    return keep(value, raw);
  }

  return {
    part,
    rejected,
    newAttempt() {
      if (part.ids === null) earlier = new Set(raws.map((raw) => JSON.stringify(raw)));
    },
    add(raw, checked, from) {
      if (!checked.ok) return reject(raw, "invalid", checked.issues, from);
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
