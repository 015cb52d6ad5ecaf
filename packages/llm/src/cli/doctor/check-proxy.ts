import { connect } from "node:net";
import { type Env, readEnv } from "@babylon/llm-core";
import type { Finding } from "./finding.ts";

/** The variables that name a proxy, in pairs of which the first one that is set counts, as for the calls. */
const VARIABLES = [
  ["https_proxy", "HTTPS_PROXY"],
  ["http_proxy", "HTTP_PROXY"],
] as const;

/** A proxy that a variable names. Holds no credentials. */
export interface ProxyVariable {
  readonly variable: string;
  /** `null`: the value is no URL of a proxy. */
  readonly address: { readonly host: string; readonly port: number } | null;
}

/** The proxies that the environment names, each once. Pure. */
export function findProxies(env: Env): readonly ProxyVariable[] {
  const seen = new Set<string>();
  return VARIABLES.flatMap((pair): ProxyVariable[] => {
    const variable = pair.find((name) => readEnv(env, name) !== undefined);
    const value = variable === undefined ? undefined : readEnv(env, variable);
    if (variable === undefined || value === undefined || seen.has(value)) return [];
    seen.add(value);
    return [{ variable, address: addressOf(value) }];
  });
}

function addressOf(value: string): ProxyVariable["address"] {
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (url === null || url.hostname === "" || !/^https?:$/.test(url.protocol)) return null;
  const usual = url.protocol === "https:" ? 443 : 80;
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? usual : Number(url.port) };
}

/** Whether the proxies of the environment take connections. Rejects only when it is stopped. */
export async function checkProxies(env: Env, timeoutMs: number, abortSignal: AbortSignal): Promise<Finding[]> {
  const proxies = findProxies(env);
  if (proxies.length === 0) {
    return [{ about: "proxy", verdict: "skipped", says: "none is set", fix: null }];
  }
  return Promise.all(proxies.map((proxy) => checkProxy(proxy, timeoutMs, abortSignal)));
}

async function checkProxy(
  { variable, address }: ProxyVariable,
  timeoutMs: number,
  abortSignal: AbortSignal,
): Promise<Finding> {
  if (address === null) {
    return {
      about: variable,
      verdict: "bad",
      says: "is no http:// or https:// URL of a proxy",
      fix: "set it to http://host:port, or unset it",
    };
  }
  const where = `${address.host}:${address.port}`;
  const problem = await tryConnecting(address, timeoutMs, abortSignal);
  abortSignal.throwIfAborted();
  if (problem === null) return { about: variable, verdict: "good", says: `${where} takes connections`, fix: null };
  return {
    about: variable,
    verdict: "bad",
    says: `${where} cannot be reached (${problem})`,
    fix: `start the proxy, correct ${variable}, or unset it; NO_PROXY names hosts that need none`,
  };
}

/** Connects and hangs up. What went wrong in a word, or `null`. */
function tryConnecting(
  address: { readonly host: string; readonly port: number },
  timeoutMs: number,
  abortSignal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: timeoutMs });
    const end = (problem: string | null): void => {
      abortSignal.removeEventListener("abort", onAbort);
      socket.destroy();
      resolve(problem);
    };
    const onAbort = (): void => end("stopped");
    if (abortSignal.aborted) return end("stopped");
    abortSignal.addEventListener("abort", onAbort, { once: true });
    socket.once("connect", () => end(null));
    socket.once("timeout", () => end("no answer in time"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
  });
}
