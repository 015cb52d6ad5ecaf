import { VERSION } from "@anthropic-ai/sdk/version";
import type { Sender, Transport } from "@babylon/provider-kit";

/** The version of the SDK whose inner parts were tested with the lean way. */
export const TESTED_VERSION = "1.12.0";

/**
 * The official SDK in front of the transport: with two of its methods replaced where the installed version is the one that was tested,
 * which costs less, else in the documented way.
 */
export async function loadSDKSender(transport: Transport): Promise<Sender> {
  const { createSDKSender } =
    VERSION === TESTED_VERSION ? await import("./lean-sender.ts") : await import("./documented-sender.ts");
  return createSDKSender(transport);
}
