import type { AdminFailure } from "@babylon/admin-api/contract";

/** `offline`: no response. `unauthorized`: 401, not signed in. `forbidden`: 403, not permitted. `refused`: any other error. */
export type FailureKind = "offline" | "unauthorized" | "forbidden" | "refused";

/** A request of the tab that failed. */
export class RequestFailure extends Error {
  override readonly name = "RequestFailure";
  readonly kind: FailureKind;
  /** The body of the response; `null`: it could not be read. */
  readonly reply: AdminFailure | null;

  constructor(kind: FailureKind, message: string, reply: AdminFailure | null = null) {
    super(message);
    this.kind = kind;
    this.reply = reply;
  }
}

/** The kind of failure that an HTTP status means. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 401) return "unauthorized";
  return status === 403 ? "forbidden" : "refused";
}

/** A thrown value as a failure of a request. */
export function toRequestFailure(thrown: unknown): RequestFailure {
  if (thrown instanceof RequestFailure) return thrown;
  return new RequestFailure("refused", thrown instanceof Error ? thrown.message : "unexpected error");
}
