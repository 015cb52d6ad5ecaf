/** What a visitor may do: see the page, change settings and run tests, read the content of calls. */
export type Permission = "read" | "write" | "content";

/** Who sends a request. */
export interface Authorized {
  /** The name in the history. */
  readonly actor: string;
  /** Default: read and write. Without `write` the page is read-only, and every change and test is a 403. */
  readonly permissions?: readonly Permission[] | undefined;
}

/** Decides who may use the admin routes: returns the visitor, or the response to send instead. Runs before the request is read. */
export type Authorize = (request: Request) => Authorized | Response | Promise<Authorized | Response>;
