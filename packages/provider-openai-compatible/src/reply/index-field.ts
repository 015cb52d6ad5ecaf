import { numberField, stringField } from "@babylon/provider-kit";

/** The field `index` as a whole number from 0, which some gateways send as a string; `null` if it is absent or anything else. */
export function indexField(value: unknown): number | null {
  const text = stringField(value, "index");
  const index = text === null ? numberField(value, "index") : Number(text);
  return index !== null && Number.isInteger(index) && index >= 0 ? index : null;
}
