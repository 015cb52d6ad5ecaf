import * as v from "valibot";
import { once } from "../http/read-query.ts";

/** The parameter for the calls that count. */
export const viewParam: v.GenericSchema<unknown, "assigned" | "served" | undefined> = v.optional(
  once(v.picklist(["assigned", "served"], "expected assigned or served")),
);
