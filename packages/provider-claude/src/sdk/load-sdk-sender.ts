import { VERSION } from "@anthropic-ai/sdk/version";
import type { Sender, Transport } from "@babylon/provider-kit";

/** The version of the SDK with which the lean sender was tested. */
export const TESTED_VERSION = "1.12.0";

/**
 * Loads the sender that uses the official SDK: the lean one, at lower cost, if the installed version is the tested one; otherwise the documented
 * one.
 */
export async function loadSDKSender(transport: Transport): Promise<Sender> {
  const { createSDKSender } =
    VERSION === TESTED_VERSION ? await import("./lean-sender.ts") : await import("./documented-sender.ts");
  return createSDKSender(transport);
}
