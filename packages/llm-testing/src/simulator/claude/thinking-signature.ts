import { createHmac } from "node:crypto";

/**
 * Signs a thinking block for the model that wrote it, so that a block that is changed, of another model or of another vendor is
 * recognised when it comes back.
 */
export function signThinking(model: string, thinking: string): string {
  return createHmac("sha256", "babylon provider simulator").update(`${model}\n${thinking}`).digest("base64");
}
