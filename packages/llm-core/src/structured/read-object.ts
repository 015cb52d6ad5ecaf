import { isRecord } from "../contract/json.ts";
import type { SchemaIssue } from "../errors/llm-error.ts";
import type { Check } from "./asked-schema.ts";
import { afford, COST, type Effort, effortFor, isTurnDue } from "./effort.ts";
import { findSpans, type Span, unquoteWhole } from "./find-spans.ts";
import type { Pace } from "./pace.ts";
import { parseOrUndefined } from "./repair.ts";
import { hasWantedName, isCredible, type WantedShape } from "./wanted-shape.ts";

/** How to read an answer that should hold one value. */
export interface ObjectReading<T> {
  readonly wanted: WantedShape;
  /** The member the dialect put the value into; `null`: it is the root. */
  readonly wrap: string | null;
  /** Whether the token limit ended the answer. */
  readonly cutByLimit: boolean;
  /** Takes back what the dialect did to the schema, then validates. */
  readonly check: Check<T>;
  /** Default: all is read at once. */
  readonly pace?: Pace | undefined;
}

/** What an answer turned out to be. `cut`: the value began and did not end. `none`: there is no JSON in it. */
export type ObjectRead<T> =
  | { readonly type: "value"; readonly value: T }
  | { readonly type: "mismatch"; readonly issues: readonly SchemaIssue[] }
  | { readonly type: "cut" }
  | { readonly type: "none" };

interface Candidate {
  readonly value: unknown;
  /** Lower goes first. */
  readonly rank: number;
  /** An answer that broke off may have begun anew after it. */
  readonly afterBreak: boolean;
}

interface Collected {
  readonly candidates: readonly Candidate[];
  /** A value of the wanted shape began and did not end; `clean`: not because something else came in between. */
  readonly cut: "no" | "broken" | "clean";
}

const CREDIBLE = 0;
const NOT_CREDIBLE = 1;
const FRAGMENT = 2;
/** How deep a bracket of prose may hide the answer. */
const MAX_DEPTH = 3;
/** How many pieces of JSON are validated before the answer counts as having none that fits. */
const MAX_CHECKS = 64;

/**
 * Reads the value out of an answer. Of several pieces of JSON the last that validates is the answer; pieces that have none of the
 * wanted names come after those that have. A value that is not closed in the text is never taken for whole.
 */
export async function readObject<T>(text: string, reading: ObjectReading<T>): Promise<ObjectRead<T>> {
  const whole = unquoteWhole(text);
  const { candidates, cut } = await collect(whole, reading, 0, effortFor(whole, reading.pace));
  if (cut !== "no" && reading.cutByLimit) return { type: "cut" };
  const ordered = [...candidates]
    .filter((candidate) => cut !== "clean" || candidate.afterBreak)
    .sort((a, b) => a.rank - b.rank);

  let issues: readonly SchemaIssue[] | null = null;
  for (const { value } of ordered.slice(0, MAX_CHECKS)) {
    const checked = await reading.check(value);
    if (checked.ok) return { type: "value", value: checked.value };
    issues ??= checked.issues;
  }
  if (cut !== "no") return { type: "cut" };
  for (const { value } of ordered.slice(0, MAX_CHECKS)) {
    const inside = await onlyFittingMember(value, reading);
    if (inside !== null) return { type: "value", value: inside.value };
  }
  return issues === null ? { type: "none" } : { type: "mismatch", issues };
}

async function collect<T>(text: string, reading: ObjectReading<T>, depth: number, effort: Effort): Promise<Collected> {
  /** Of one span each. */
  const groups: (readonly Candidate[])[] = [];
  let cut: Collected["cut"] = "no";
  const { spans, reasoningOpen } = await findSpans(text, effort);
  for (const span of spans) {
    if (isTurnDue(effort)) await effort.pace.turn();
    if (span.end !== null) groups.push(await closedSpan(text, span, reading, depth, effort));
    else if (!isWantedSpan(span, reading)) {
      if (depth >= MAX_DEPTH) continue;
      const inside = await collect(text.slice(span.start + 1), reading, depth + 1, effort);
      groups.push(inside.candidates);
      cut = inside.cut;
    } else {
      cut = span.sloppy ? "broken" : "clean";
      if (span.sloppy && depth < MAX_DEPTH) groups.push(await restarts(text.slice(span.strictUntil), reading, effort));
    }
  }
  // The last span goes first.
  const candidates = groups.reverse().flat();
  if (depth === 0 && candidates.length === 0 && cut === "no" && !reasoningOpen) {
    candidates.push(...bareValue(text));
  }
  return { candidates, cut };
}

async function closedSpan<T>(
  text: string,
  span: Span,
  reading: ObjectReading<T>,
  depth: number,
  effort: Effort,
): Promise<readonly Candidate[]> {
  const candidates = variantsOf(span.value, reading.wrap, effort).map((value) => ({
    value,
    rank: isCredible(value, reading.wanted) ? CREDIBLE : NOT_CREDIBLE,
    afterBreak: false,
  }));
  const isProse = span.sloppy && candidates.every(({ rank }) => rank !== CREDIBLE);
  if (!isProse || depth >= MAX_DEPTH || span.end === null) return candidates;
  const inside = await collect(text.slice(span.start + 1, span.end - 1), reading, depth + 1, effort);
  return [...candidates, ...inside.candidates.map((candidate) => ({ ...candidate, rank: candidate.rank + FRAGMENT }))];
}

/** Strict JSON behind the place where a value broke off, as when a model starts again. */
async function restarts<T>(text: string, reading: ObjectReading<T>, effort: Effort): Promise<Candidate[]> {
  const { spans } = await findSpans(text, effort);
  return spans
    .filter((span) => span.end !== null && !span.sloppy)
    .flatMap((span) => variantsOf(span.value, reading.wrap, effort))
    .filter((value) => isCredible(value, reading.wanted))
    .map((value) => ({ value, rank: CREDIBLE, afterBreak: true }))
    .reverse();
}

function isWantedSpan<T>(span: Span, { wanted, wrap }: ObjectReading<T>): boolean {
  if (wrap !== null && span.names.includes(wrap)) return true;
  if (span.root === "array") return wanted.root === "array";
  return wanted.root !== "array" && hasWantedName(span.names, wanted);
}

/** A value and what it may be wrapped in: the dialect's member, a single member, an array of one, a string of JSON. */
function variantsOf(value: unknown, wrap: string | null, effort: Effort): readonly unknown[] {
  const variants: unknown[] = [];
  if (wrap !== null && isRecord(value) && Object.hasOwn(value, wrap)) variants.push(value[wrap]);
  variants.push(value);
  let inner = unwrapOnce(value, effort);
  while (inner !== undefined && variants.length < 5) {
    variants.push(inner);
    inner = unwrapOnce(inner, effort);
  }
  return variants;
}

/** What a text of JSON begins with. */
const LIKE_JSON = /^\s*(?:[{["\d-]|true|false|null)/;

function unwrapOnce(value: unknown, effort: Effort): unknown {
  if (typeof value === "string") {
    // That it is not JSON after all costs an exception.
    return LIKE_JSON.test(value) && afford(effort, COST.exception) ? parseOrUndefined(value) : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const inside = Object.values(value);
  const [only] = inside;
  return inside.length === 1 && (typeof only === "object" || typeof only === "string")
    ? (only ?? undefined)
    : undefined;
}

/** The one member that fits, in an object such as `{ "thoughts": "...", "answer": { ... } }`; `null` when none or several do. */
async function onlyFittingMember<T>(value: unknown, reading: ObjectReading<T>): Promise<{ readonly value: T } | null> {
  if (!isRecord(value) || isCredible(value, reading.wanted)) return null;
  const fitting: { readonly value: T }[] = [];
  for (const member of Object.values(value).slice(0, MAX_CHECKS)) {
    if (!isCredible(member, reading.wanted)) continue;
    const checked = await reading.check(member);
    if (checked.ok) fitting.push(checked);
  }
  const [only] = fitting;
  return fitting.length === 1 && only !== undefined ? only : null;
}

/** An answer that is a JSON string, number or literal as a whole. */
function bareValue(text: string): readonly Candidate[] {
  const inner = withoutFence(text.trim());
  // Objects and arrays would have been found.
  const value = /^[{[]/.test(inner) ? undefined : parseOrUndefined(inner);
  return value === undefined ? [] : [{ value, rank: NOT_CREDIBLE, afterBreak: false }];
}

function withoutFence(text: string): string {
  const inner = text.replace(/^```\w*/, "");
  return (inner.endsWith("```") ? inner.slice(0, -3) : inner).trim();
}
