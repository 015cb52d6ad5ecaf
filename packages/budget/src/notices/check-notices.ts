import { invalidInput } from "@babylon/llm-core";
import type { NoticeOptions } from "./notice-options.ts";

const MIN_SECRET_CHARS = 16;

const LOCAL_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The address of a webhook. Throws `invalid_input`; the error has neither the address nor the secret. */
export function checkNotices({ url, secret, everyMs }: NoticeOptions): URL {
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : null;
  const isSafe = parsed?.protocol === "https:" || (parsed?.protocol === "http:" && LOCAL_HOSTS.has(parsed.hostname));
  if (parsed === null || !isSafe) throw invalidInput("notices.url", "an https: URL, or an http: URL of this machine");
  if (typeof secret !== "string" || secret.length < MIN_SECRET_CHARS) {
    throw invalidInput("notices.secret", `a text of at least ${MIN_SECRET_CHARS} characters`);
  }
  if (everyMs !== undefined && !(everyMs >= 100 && everyMs <= 3_600_000)) {
    throw invalidInput("notices.everyMs", "milliseconds from 100 to 3,600,000");
  }
  return parsed;
}
