import type { AdminFailure } from "@babylon/admin-api/contract";

/** `offline`: no answer. `unauthorised`: not let in. `refused`: an answer, but a no. */
export type FailureKind = "offline" | "unauthorised" | "refused";

/** A request of the tab that failed. */
export class RequestFailure extends Error {
  override readonly name = "RequestFailure";
  readonly kind: FailureKind;
  /** What the server said; `null` when it said nothing that could be read. */
  readonly reply: AdminFailure | null;

  constructor(kind: FailureKind, message: string, reply: AdminFailure | null = null) {
    super(message);
    this.kind = kind;
    this.reply = reply;
  }
}

/** A thrown value as a failure of a request. */
export function toRequestFailure(thrown: unknown): RequestFailure {
  if (thrown instanceof RequestFailure) return thrown;
  return new RequestFailure("refused", thrown instanceof Error ? thrown.message : "something went wrong");
}
