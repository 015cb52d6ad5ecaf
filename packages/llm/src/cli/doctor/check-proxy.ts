import { connect } from "node:net";
import { type Env, readEnv } from "@babylon/llm-core";
import type { Finding } from "./finding.ts";

/** The proxy variables, in pairs; the first one that is set counts, as in the transport. */
const VARIABLES = [
  ["https_proxy", "HTTPS_PROXY"],
  ["http_proxy", "HTTP_PROXY"],
] as const;

/** A proxy variable and the address in it, without credentials. */
export interface ConfiguredProxy {
  readonly variable: string;
  /** `null`: the value is not a proxy URL. */
  readonly address: { readonly host: string; readonly port: number } | null;
}

/** The proxies of the environment, without duplicates. Pure. */
export function findProxies(env: Env): readonly ConfiguredProxy[] {
  const values = new Set<string>();
  return VARIABLES.flatMap((pair): ConfiguredProxy[] => {
    const variable = pair.find((name) => readEnv(env, name) !== undefined);
    const value = variable === undefined ? undefined : readEnv(env, variable);
    if (variable === undefined || value === undefined || values.has(value)) return [];
    values.add(value);
    return [{ variable, address: addressOf(value) }];
  });
}

function addressOf(value: string): ConfiguredProxy["address"] {
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (url === null || url.hostname === "" || !/^https?:$/.test(url.protocol)) return null;
  const defaultPort = url.protocol === "https:" ? 443 : 80;
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? defaultPort : Number(url.port) };
}

/** Checks that the proxies of the environment accept connections. Rejects only when aborted. */
export async function checkProxies(env: Env, timeoutMs: number, abortSignal: AbortSignal): Promise<Finding[]> {
  const proxies = findProxies(env);
  if (proxies.length === 0) {
    return [{ about: "proxy", verdict: "skipped", message: "not set", fix: null }];
  }
  return Promise.all(proxies.map((proxy) => checkProxy(proxy, timeoutMs, abortSignal)));
}

async function checkProxy(
  { variable, address }: ConfiguredProxy,
  timeoutMs: number,
  abortSignal: AbortSignal,
): Promise<Finding> {
  if (address === null) {
    return {
      about: variable,
      verdict: "bad",
      message: "is not an http:// or https:// proxy URL",
      fix: "set it to http://host:port, or unset it",
    };
  }
  const where = `${address.host}:${address.port}`;
  const problem = await tryConnecting(address, timeoutMs, abortSignal);
  abortSignal.throwIfAborted();
  if (problem === null) return { about: variable, verdict: "good", message: `${where} accepts connections`, fix: null };
  return {
    about: variable,
    verdict: "bad",
    message: `${where} cannot be reached (${problem})`,
    fix: `start the proxy, correct ${variable}, or unset it; list hosts without a proxy in NO_PROXY`,
  };
}

/** Connects and disconnects. Returns the problem as a short text, or `null`. */
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
