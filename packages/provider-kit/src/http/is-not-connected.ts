import { stringField } from "../read-field.ts";
import { rootOf } from "./root-of.ts";

/** Codes of Node, undici and Bun for a connection that was not established. */
const NOT_CONNECTED =
  /^(?:ECONNREFUSED|ConnectionRefused|ENOTFOUND|EAI_[A-Z]+|ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_INVALID_ARG|ERR_INVALID_URL|PROXY_[A-Z_]+)$|CERT|^DEPTH_ZERO|SELF_SIGNED|^UNABLE_TO_/;

/** Whether a platform error means that no connection was established, so that nothing was sent. */
export function isNotConnected(thrown: unknown): boolean {
  return NOT_CONNECTED.test(stringField(rootOf(thrown), "code") ?? "");
}
