import type { Env } from "@babylon/llm-core";
import { boundConnects } from "../sockets/bound-connects.ts";
import { chooseProxy, type ProxyVariable } from "../sockets/choose-proxy.ts";
import { createSocketOpener } from "../sockets/open-socket.ts";
import { createTunnelOpener } from "../sockets/open-tunnel.ts";
import { proxyAddress } from "../sockets/proxy-address.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { AgentClass } from "./pool.ts";
import { createSource, type PoolSource, poolSourceOf } from "./pool-source.ts";

/** The class of Node's dispatcher that knows no proxy. With `NODE_USE_ENV_PROXY=1` it is another one, which does. */
const PLAIN = "Agent";

/** How many proxies are remembered: far more than an environment names. */
const REMEMBERED = 20;

/** The ways that belong to one dispatcher of the platform. */
interface Ways {
  readonly platform: Dispatcher;
  readonly direct: PoolSource;
  /** By the proxy's URL. */
  readonly proxied: Map<string, PoolSource>;
}

/**
 * Creates a function that gives the way to an origin: through the proxy that the environment names, or directly. A platform's
 * dispatcher that is more than a plain one decides by itself.
 *
 * The function throws a ProxyError when a variable holds no URL of a proxy.
 */
export function createSourceChooser(): (origin: string, platform: Dispatcher, env: Env | undefined) => PoolSource {
  let ways: Ways | null = null;

  function through(proxy: ProxyVariable, { platform, proxied }: Ways): PoolSource {
    const known = proxied.get(proxy.value);
    if (known !== undefined) return known;
    const created = createSource(
      platform.constructor as AgentClass,
      boundConnects(createTunnelOpener(proxyAddress(proxy))),
    );
    // Idle connections of those that are forgotten end by themselves.
    if (proxied.size >= REMEMBERED) proxied.clear();
    proxied.set(proxy.value, created);
    return created;
  }

  return (origin, platform, env) => {
    const isPlain = platform.constructor.name === PLAIN;
    if (ways?.platform !== platform) {
      const direct = isPlain
        ? createSource(platform.constructor as AgentClass, boundConnects(createSocketOpener()))
        : poolSourceOf(platform);
      ways = { platform, direct, proxied: new Map() };
    }
    const proxy = env === undefined || !isPlain ? null : chooseProxy(env, origin);
    return proxy === null ? ways.direct : through(proxy, ways);
  };
}
