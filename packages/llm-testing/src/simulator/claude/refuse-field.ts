import { RequestRefused } from "../refusal.ts";

/** A refusal in the form of Anthropic's: the field, a colon, what is wrong with it. */
export const refuseField = (path: string, message: string): RequestRefused =>
  new RequestRefused("other", path, `${path}: ${message}`);
