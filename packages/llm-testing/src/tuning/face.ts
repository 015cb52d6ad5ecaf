/** A request to a face of the simulator. */
export interface FaceRequest {
  readonly method: string;
  /** Without the prefix of the face. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** A reply. `body` is sent as JSON; `null`: an empty one. */
export interface FaceReply {
  readonly status: number;
  readonly body: unknown;
}

/** One API of W&B. `null`: it has no such path. */
export type Face = (request: FaceRequest) => FaceReply | null;

/** A refusal in the form of W&B's gateway. */
export const refusal = (status: number, message: string): FaceReply => ({
  status,
  body: { error: { message, code: status } },
});

/** A body as JSON; `undefined`: it is not. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
