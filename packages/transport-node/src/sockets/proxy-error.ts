/** What a proxy can be to blame for. */
export type ProxyErrorCode = "PROXY_INVALID" | "PROXY_UNREACHABLE" | "PROXY_REFUSED" | "PROXY_TIMEOUT";

/** It was the proxy. The message is for people and holds no credentials; `networkError` shows it. */
export class ProxyError extends Error {
  override readonly name: string = "ProxyError";
  readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
