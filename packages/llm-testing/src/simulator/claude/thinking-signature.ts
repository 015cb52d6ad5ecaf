import { createHmac } from "node:crypto";

/**
 * Signs a thinking block for its model, so that a changed block, or one of another model or vendor, is detected when it is sent back.
 */
export function signThinking(model: string, thinking: string): string {
  return createHmac("sha256", "babylon provider simulator").update(`${model}\n${thinking}`).digest("base64");
}
