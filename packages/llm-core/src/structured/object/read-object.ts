import { isRecord } from "../../contract/json.ts";
import type { SchemaIssue } from "../../errors/error-details.ts";
import { afford, EFFORT, type Effort, effortFor, isPauseDue } from "../effort.ts";
import { findSpans, type Span, unquoteWhole } from "../json/find-spans.ts";
import { parseOrUndefined } from "../repair/repair.ts";
import { type ExpectedShape, hasExpectedName, isCredible } from "../schema/expected-shape.ts";
import type { Check } from "../schema/requested-schema.ts";
import type { TimeSlicer } from "../time-slicer.ts";

/** Options of {@link readObject}. */
export interface ObjectReading<T> {
  readonly expected: ExpectedShape;
  /** The member in which the dialect wraps the value; `null`: the value is the root. */
  readonly wrap: string | null;
  /** Whether the token limit ended the answer. */
  readonly cutByLimit: boolean;
  /** Un-widens the value if the dialect requires it, then validates it. */
  readonly check: Check<T>;
  /** Default: not divided into time slices. */
  readonly slicer?: TimeSlicer | undefined;
}

/** The result of {@link readObject}. `cut`: the value did not end. `none`: no JSON was found. */
export type ObjectRead<T> =
  | { readonly type: "value"; readonly value: T }
  | { readonly type: "mismatch"; readonly issues: readonly SchemaIssue[] }
  | { readonly type: "cut" }
  | { readonly type: "none" };

interface Candidate {
  readonly value: unknown;
  /** Lower ranks are tried first. */
  readonly rank: number;
  /** It follows a broken value: the model may have started again. */
  readonly afterBreak: boolean;
}

interface Collected {
  readonly candidates: readonly Candidate[];
  /** Whether a value of the expected shape did not end; `clean`: it is strict JSON up to the end of the text. */
  readonly cut: "no" | "broken" | "clean";
}

const CREDIBLE = 0;
const NOT_CREDIBLE = 1;
const FRAGMENT = 2;
/** Maximum number of prose brackets around the answer. */
const MAX_DEPTH = 3;
/** Maximum number of values that are validated per answer. */
const MAX_CHECKS = 64;

/**
 * Reads the value of an answer. Of several JSON values, chooses the last one that validates; values with none of the expected names are tried
 * last. An incomplete value is never accepted.
 */
export async function readObject<T>(text: string, reading: ObjectReading<T>): Promise<ObjectRead<T>> {
  const whole = unquoteWhole(text);
  const { candidates, cut } = await collect(whole, reading, 0, effortFor(whole, reading.slicer));
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
  /** The candidates of each span. */
  const groups: (readonly Candidate[])[] = [];
  let cut: Collected["cut"] = "no";
  const { spans, reasoningOpen } = await findSpans(text, effort);
  for (const span of spans) {
    if (isPauseDue(effort)) await effort.slicer.pause();
    if (span.end !== null) groups.push(await closedSpan(text, span, reading, depth, effort));
    else if (!isExpectedSpan(span, reading)) {
      if (depth >= MAX_DEPTH) continue;
      const inside = await collect(text.slice(span.start + 1), reading, depth + 1, effort);
      groups.push(inside.candidates);
      cut = inside.cut;
    } else {
      cut = span.sloppy ? "broken" : "clean";
      if (span.sloppy && depth < MAX_DEPTH) groups.push(await restarts(text.slice(span.strictUntil), reading, effort));
    }
  }
  // Last span first.
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
    rank: isCredible(value, reading.expected) ? CREDIBLE : NOT_CREDIBLE,
    afterBreak: false,
  }));
  const isProse = span.sloppy && candidates.every(({ rank }) => rank !== CREDIBLE);
  if (!isProse || depth >= MAX_DEPTH || span.end === null) return candidates;
  const inside = await collect(text.slice(span.start + 1, span.end - 1), reading, depth + 1, effort);
  return [...candidates, ...inside.candidates.map((candidate) => ({ ...candidate, rank: candidate.rank + FRAGMENT }))];
}

/** Strict JSON after a position where a value broke off, for models that start again. */
async function restarts<T>(text: string, reading: ObjectReading<T>, effort: Effort): Promise<Candidate[]> {
  const { spans } = await findSpans(text, effort);
  return spans
    .filter((span) => span.end !== null && !span.sloppy)
    .flatMap((span) => variantsOf(span.value, reading.wrap, effort))
    .filter((value) => isCredible(value, reading.expected))
    .map((value) => ({ value, rank: CREDIBLE, afterBreak: true }))
    .reverse();
}

function isExpectedSpan<T>(span: Span, { expected, wrap }: ObjectReading<T>): boolean {
  if (wrap !== null && span.names.includes(wrap)) return true;
  if (span.root === "array") return expected.root === "array";
  return expected.root !== "array" && hasExpectedName(span.names, expected);
}

/** A value, and the values inside possible wrappers: the member of the dialect, a single member, an array of one, a string of JSON. */
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

/** The beginning of JSON text. */
const LIKE_JSON = /^\s*(?:[{["\d-]|true|false|null)/;

function unwrapOnce(value: unknown, effort: Effort): unknown {
  if (typeof value === "string") {
    // If it is not JSON, parsing costs an exception.
    return LIKE_JSON.test(value) && afford(effort, EFFORT.exception) ? parseOrUndefined(value) : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const inside = Object.values(value);
  const [only] = inside;
  return inside.length === 1 && (typeof only === "object" || typeof only === "string")
    ? (only ?? undefined)
    : undefined;
}

/** The only member that fits, in an object such as `{ "thoughts": "...", "answer": { ... } }`; `null` if none or several fit. */
async function onlyFittingMember<T>(value: unknown, reading: ObjectReading<T>): Promise<{ readonly value: T } | null> {
  if (!isRecord(value) || isCredible(value, reading.expected)) return null;
  const fitting: { readonly value: T }[] = [];
  for (const member of Object.values(value).slice(0, MAX_CHECKS)) {
    if (!isCredible(member, reading.expected)) continue;
    const checked = await reading.check(member);
    if (checked.ok) fitting.push(checked);
  }
  const [only] = fitting;
  return fitting.length === 1 && only !== undefined ? only : null;
}

/** The value of an answer that is a single JSON string, number or literal. */
function bareValue(text: string): readonly Candidate[] {
  const inner = withoutFence(text.trim());
  // Objects and arrays have been searched before.
  const value = /^[{[]/.test(inner) ? undefined : parseOrUndefined(inner);
  return value === undefined ? [] : [{ value, rank: NOT_CREDIBLE, afterBreak: false }];
}

function withoutFence(text: string): string {
  const inner = text.replace(/^```\w*/, "");
  return (inner.endsWith("```") ? inner.slice(0, -3) : inner).trim();
}
