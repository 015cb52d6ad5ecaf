import type { ConfigProblem } from "@babylon/llm-core";

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** What is wrong with a base URL, as a problem under the given path; `null` when nothing is. */
export function checkBaseURL(value: string, path: string, allowInsecureHttp: boolean): ConfigProblem | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return { path, expected: "an absolute https:// URL" };
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    return { path, expected: "a URL without user name, password and #" };
  }
  if (url.protocol === "http:" && !allowInsecureHttp && !LOOPBACK.test(url.hostname)) {
    return { path, expected: "an https:// URL (http:// only for this machine, or with allowInsecureHttp)" };
  }
  return null;
}

/** What is wrong with a key, as a problem under the given path; `null` when nothing is. The key itself is never part of it. */
export function checkApiKey(value: string, path: string): ConfigProblem | null {
  if (value === "") return { path, expected: "a key that is not empty" };
  if (!/^[\x21-\x7e]+$/.test(value))
    return { path, expected: "a key of visible ASCII characters, without blanks or line breaks" };
  return null;
}
