import type { Sender, Transport } from "@babylon/provider-kit";
import { VERSION } from "openai/version";

/** The version of the SDK with which the lean sender was tested. */
export const TESTED_VERSION = "7.57.0";

/**
 * Loads the sender that uses the official SDK: the lean one, at about half the cost, if the installed version is the tested one; otherwise the
 * documented one.
 */
export async function loadSDKSender(transport: Transport): Promise<Sender> {
  const { createSDKSender } =
    VERSION === TESTED_VERSION ? await import("./lean-sender.ts") : await import("./documented-sender.ts");
  return createSDKSender(transport);
}
