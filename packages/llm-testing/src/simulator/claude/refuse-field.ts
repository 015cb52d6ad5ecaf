import { RequestRefusedError } from "../simulated-refusal.ts";

/** A refusal in Anthropic's form: field, colon, problem. */
export const refuseField = (path: string, message: string): RequestRefusedError =>
  new RequestRefusedError("other", path, `${path}: ${message}`);
