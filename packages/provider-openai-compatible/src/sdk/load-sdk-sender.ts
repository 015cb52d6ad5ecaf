import type { Sender, Transport } from "@babylon/provider-kit";
import { VERSION } from "openai/version";

/** The version of the SDK whose inner parts were tested with the lean way. */
export const TESTED_VERSION = "7.57.0";

/**
 * The official SDK in front of the transport: its resources alone where the installed version is the one that was tested, which costs
 * about half, else its client in the documented way.
 */
export async function loadSDKSender(transport: Transport): Promise<Sender> {
  const { createSDKSender } =
    VERSION === TESTED_VERSION ? await import("./lean-sender.ts") : await import("./documented-sender.ts");
  return createSDKSender(transport);
}
