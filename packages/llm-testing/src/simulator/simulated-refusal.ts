/** A vendor's reply to a refused request. */
export interface SimulatedRefusal {
  readonly status: number;
  /** Sent as JSON; a string is sent as an HTML page. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The kind of problem of a request, modeled on OpenAI's error codes. */
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

/** Thrown by the checks of a request, and converted to the vendor's error body by the handler. */
export class RequestRefusedError extends Error {
  override readonly name = "RequestRefusedError";
  readonly kind: ComplaintKind;
  /** The field, such as `messages[0].role`; `null`: the request itself. */
  readonly path: string | null;
  /** The vendor's code, if it differs from the default of the kind. */
  readonly vendorCode: string | null;

  constructor(kind: ComplaintKind, path: string | null, message: string, vendorCode: string | null = null) {
    super(message);
    this.kind = kind;
    this.path = path;
    this.vendorCode = vendorCode;
  }
}
