import type { Env } from "@babylon/llm-core";
import { boundConnects } from "../sockets/bound-connects.ts";
import { chooseProxy, type ProxyVariable } from "../sockets/choose-proxy.ts";
import { createSocketOpener } from "../sockets/open-socket.ts";
import { createTunnelOpener } from "../sockets/open-tunnel.ts";
import { proxyAddress } from "../sockets/proxy-address.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { AgentClass } from "./pool.ts";
import { createSource, type PoolSource, poolSourceOf } from "./pool-source.ts";

/** The class of Node's dispatcher without proxy support. With `NODE_USE_ENV_PROXY=1` Node uses another class. */
const PLAIN = "Agent";

/** How many proxies are cached: more than an environment names. */
const MAX_PROXIES = 20;

/** The routes that belong to one dispatcher of the platform. */
interface Routes {
  readonly platform: Dispatcher;
  readonly direct: PoolSource;
  /** By the proxy's URL. */
  readonly proxied: Map<string, PoolSource>;
}

/**
 * Creates a function that chooses the route to an origin: through the proxy of the environment, or direct. A dispatcher of the
 * platform with proxy support is used as it is.
 *
 * The function throws a `ProxyError` when a variable does not contain the URL of a proxy.
 */
export function createSourceChooser(): (origin: string, platform: Dispatcher, env: Env | undefined) => PoolSource {
  let routes: Routes | null = null;

  function throughProxy(proxy: ProxyVariable, { platform, proxied }: Routes): PoolSource {
    const known = proxied.get(proxy.value);
    if (known !== undefined) return known;
    const created = createSource(
      platform.constructor as AgentClass,
      boundConnects(createTunnelOpener(proxyAddress(proxy))),
    );
    // Idle connections of the dropped pools time out.
    if (proxied.size >= MAX_PROXIES) proxied.clear();
    proxied.set(proxy.value, created);
    return created;
  }

  return (origin, platform, env) => {
    const isPlain = platform.constructor.name === PLAIN;
    if (routes?.platform !== platform) {
      const direct = isPlain
        ? createSource(platform.constructor as AgentClass, boundConnects(createSocketOpener()))
        : poolSourceOf(platform);
      routes = { platform, direct, proxied: new Map() };
    }
    const proxy = env === undefined || !isPlain ? null : chooseProxy(env, origin);
    return proxy === null ? routes.direct : throughProxy(proxy, routes);
  };
}
