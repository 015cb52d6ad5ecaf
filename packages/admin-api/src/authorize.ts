/** Who a request comes from, as the history will name them. */
export interface Authorized {
  readonly actor: string;
}

/** Decides who may use the admin routes: who it is, or the reply to send instead. Runs before anything else looks at the request. */
export type Authorize = (request: Request) => Authorized | Response | Promise<Authorized | Response>;
