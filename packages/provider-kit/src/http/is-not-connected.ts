import { stringField } from "../read-field.ts";
import { rootOf } from "./root-of.ts";

/** Codes of Node, undici and Bun for a connection that was not made. */
const NOT_CONNECTED =
  /^(?:ECONNREFUSED|ConnectionRefused|ENOTFOUND|EAI_[A-Z]+|ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_INVALID_ARG|ERR_INVALID_URL|PROXY_[A-Z_]+)$|CERT|^DEPTH_ZERO|SELF_SIGNED|^UNABLE_TO_/;

/** Whether an error of a platform says that there was no connection, so that nothing of the request has left. */
export function isNotConnected(thrown: unknown): boolean {
  return NOT_CONNECTED.test(stringField(rootOf(thrown), "code") ?? "");
}
