/** The failures of a proxy. */
export type ProxyErrorCode = "PROXY_INVALID" | "PROXY_UNREACHABLE" | "PROXY_REFUSED" | "PROXY_TIMEOUT";

/** A failure of the proxy, not of the server. The message contains no credentials; `networkError` shows it. */
export class ProxyError extends Error {
  override readonly name: string = "ProxyError";
  readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
