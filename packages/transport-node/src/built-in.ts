/** As much of a socket of Node as is used here; undici takes it from there. */
export interface NodeSocket {
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "session", listener: (session: Uint8Array) => void): unknown;
  once(event: "connect" | "secureConnect", listener: () => void): unknown;
  setNoDelay(on: boolean): unknown;
  setKeepAlive(on: boolean, delayMs: number): unknown;
  unshift(bytes: Uint8Array): unknown;
  destroy(): unknown;
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

/** As much of a decoder of `node:zlib` as is used here. */
export interface Decoder {
  write(piece: Uint8Array): boolean;
  end(): void;
  pause(): void;
  resume(): void;
  destroy(): void;
  on(event: "data", listener: (piece: Uint8Array) => void): void;
  on(event: "error", listener: (error: unknown) => void): void;
  on(event: "end", listener: () => void): void;
  once(event: "drain", listener: () => void): void;
}

/** As much of `node:zlib` as is used here. */
export interface Zlib {
  readonly constants: Readonly<Record<"Z_SYNC_FLUSH" | "BROTLI_OPERATION_FLUSH" | "ZSTD_e_flush", number>>;
  createGunzip(options: object): Decoder;
  createInflate(options: object): Decoder;
  createInflateRaw(options: object): Decoder;
  createBrotliDecompress(options: object): Decoder;
  createZstdDecompress(options: object): Decoder;
}

interface BuiltIns {
  "node:http": { request(options: object): ConnectRequest };
  "node:https": { request(options: object): ConnectRequest };
  "node:zlib": Zlib;
  "node:net": { connect(options: object): NodeSocket };
  "node:tls": { connect(options: object): NodeSocket };
}

/** A module of Node, loaded when it is needed, and by a function, so that no bundler finds the name. */
export function builtIn<Name extends keyof BuiltIns>(name: Name): BuiltIns[Name] {
  const { process } = globalThis as unknown as { process: { getBuiltinModule(name: Name): BuiltIns[Name] } };
  return process.getBuiltinModule(name);
}
