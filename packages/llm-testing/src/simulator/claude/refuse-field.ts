import { RequestRefusedError } from "../simulated-refusal.ts";

/** A refusal in the form of Anthropic's: the field, a colon, what is wrong with it. */
export const refuseField = (path: string, message: string): RequestRefusedError =>
  new RequestRefusedError("other", path, `${path}: ${message}`);
