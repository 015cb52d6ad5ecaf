/** The part of a socket of Node that is used here; undici uses the rest. */
export interface NodeSocket {
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "session", listener: (session: Uint8Array) => void): unknown;
  once(event: "connect" | "secureConnect", listener: () => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
  setNoDelay(on: boolean): unknown;
  setKeepAlive(on: boolean, delayMs: number): unknown;
  unshift(bytes: Uint8Array): unknown;
  destroy(): unknown;
}

/** A CONNECT request of `node:http`. */
export interface ConnectRequest {
  on(event: "error", listener: (error: Error) => void): unknown;
  once(
    event: "connect",
    listener: (reply: { readonly statusCode: number }, socket: NodeSocket, head: Uint8Array) => void,
  ): unknown;
  end(): unknown;
  destroy(): unknown;
}

/** The part of a decoder of `node:zlib` that is used here. */
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

/** The part of `node:zlib` that is used here. */
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

/** Loads a module of Node lazily, by a function, so that bundlers do not try to include it. */
export function builtIn<Name extends keyof BuiltIns>(name: Name): BuiltIns[Name] {
  const { process } = globalThis as unknown as { process: { getBuiltinModule(name: Name): BuiltIns[Name] } };
  return process.getBuiltinModule(name);
}
