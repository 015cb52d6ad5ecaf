/** As much of a socket of Node as is used here; undici takes it from there. */
export interface NodeSocket {
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "session", listener: (session: Uint8Array) => void): unknown;
  once(event: "connect" | "secureConnect", listener: () => void): unknown;
  setNoDelay(on: boolean): unknown;
  setKeepAlive(on: boolean, delayMs: number): unknown;
  unshift(bytes: Uint8Array): unknown;
  destroy(): unknown;
  /** Of who reads: what has arrived, `null` when that was all. */
  read(size?: number): unknown;
  /** Of the connection: takes what has arrived. `false`: it stops reading until `_read` is called. */
  push(chunk: Uint8Array | null, encoding?: string): boolean;
  /** Has the connection read, if it does not. */
  _read(size: number): void;
  readonly destroyed: boolean;
}

/** A request of `node:http` that asks for a connection. */
export interface ConnectRequest {
  on(event: "error", listener: (error: Error) => void): unknown;
  once(
    event: "connect",
    listener: (reply: { readonly statusCode: number }, socket: NodeSocket, head: Uint8Array) => void,
  ): unknown;
  end(): unknown;
  destroy(): unknown;
}

interface BuiltIns {
  "node:http": { request(options: object): ConnectRequest };
  "node:https": { request(options: object): ConnectRequest };
  "node:timers": { setImmediate(callback: () => void): object; clearImmediate(immediate: object): void };
  "node:net": { connect(options: object): NodeSocket };
  "node:tls": { connect(options: object): NodeSocket };
}

/** A module of Node, loaded when it is needed, and by a function, so that no bundler finds the name. */
export function builtIn<Name extends keyof BuiltIns>(name: Name): BuiltIns[Name] {
  const { process } = globalThis as unknown as { process: { getBuiltinModule(name: Name): BuiltIns[Name] } };
  return process.getBuiltinModule(name);
}
