/** What a vendor answers to a request that it does not accept. */
export interface SimulatedRefusal {
  readonly status: number;
  /** Sent as JSON; a string goes out as an HTML page. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is wrong with a request, in the words that OpenAI's error codes use. */
export type ComplaintKind =
  | "missing"
  | "unknown"
  | "type"
  | "value"
  | "unsupported-parameter"
  | "unsupported-value"
  | "schema"
  | "model-not-found"
  | "context-length"
  | "other";

/** Thrown by the checks of a request and turned into the vendor's own body at the edge. */
export class RequestRefusedError extends Error {
  override readonly name = "RequestRefusedError";
  readonly kind: ComplaintKind;
  /** The field, such as `messages[0].role`; `null`: the request as a whole. */
  readonly path: string | null;
  /** A code of the vendor's that is not the usual one of the kind. */
  readonly vendorCode: string | null;

  constructor(kind: ComplaintKind, path: string | null, message: string, vendorCode: string | null = null) {
    super(message);
    this.kind = kind;
    this.path = path;
    this.vendorCode = vendorCode;
  }
}
