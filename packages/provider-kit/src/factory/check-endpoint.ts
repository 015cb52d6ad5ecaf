import type { ConfigProblem } from "@babylon/llm-core";

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Checks a base URL. Returns a problem with the given path, or `null` if it is valid. */
export function checkBaseURL(value: string, path: string, allowInsecureHttp: boolean): ConfigProblem | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return { path, expected: "an absolute https:// URL" };
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    return { path, expected: "a URL without user name, password and #" };
  }
  if (url.protocol === "http:" && !allowInsecureHttp && !LOOPBACK.test(url.hostname)) {
    return { path, expected: "an https:// URL (http:// only for localhost, or with allowInsecureHttp)" };
  }
  return null;
}

/** Checks a key. Returns a problem with the given path, never with the key itself, or `null` if it is valid. */
export function checkApiKey(value: string, path: string): ConfigProblem | null {
  if (value === "") return { path, expected: "a key that is not empty" };
  if (!/^[\x21-\x7e]+$/.test(value))
    return { path, expected: "a key of visible ASCII characters, without blanks or line breaks" };
  return null;
}
