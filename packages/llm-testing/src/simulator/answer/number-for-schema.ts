import type { Random } from "../random.ts";

const FRACTION = /prob|confidence|odds|ratio|share|weight|sentiment|strength|score/i;

const numberIn = (schema: Record<string, unknown>, key: string): number | null => {
  const value = schema[key];
  return typeof value === "number" ? value : null;
};

/** A number within the schema's limits; without limits, a plausible one for the property's name. */
export function numberForSchema(schema: Record<string, unknown>, name: string, random: Random): number {
  const whole = schema.type === "integer";
  const step = numberIn(schema, "multipleOf") ?? (whole ? 1 : 0.01);
  const low = lowest(schema, step);
  const high = highest(schema, step);
  const width = !whole && FRACTION.test(name) ? 1 : 100;
  const from = low ?? (high === null ? 0 : high - width);
  const to = high ?? from + width;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  if (last < first) return from;
  const value = random.int(first, last) * step;
  // Removes the binary rounding error of steps such as 0.01.
  return whole ? Math.round(value) : Number(value.toFixed(6));
}

function lowest(schema: Record<string, unknown>, step: number): number | null {
  const exclusive = numberIn(schema, "exclusiveMinimum");
  const inclusive = numberIn(schema, "minimum");
  if (exclusive === null) return inclusive;
  return Math.max(exclusive + step, inclusive ?? Number.NEGATIVE_INFINITY);
}

function highest(schema: Record<string, unknown>, step: number): number | null {
  const exclusive = numberIn(schema, "exclusiveMaximum");
  const inclusive = numberIn(schema, "maximum");
  if (exclusive === null) return inclusive;
  return Math.min(exclusive - step, inclusive ?? Number.POSITIVE_INFINITY);
}
