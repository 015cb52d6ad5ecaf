/** A primary and its replica, behind one address. */
export interface ServerPair {
  /** The address, which leads to the primary at first. */
  readonly url: string;
  /** The replica has everything that was written until now, and nothing of what is written from now on. */
  cutReplication(): Promise<void>;
  /** Kills the primary, and promotes the replica: the address leads to it. */
  failOver(): Promise<void>;
  stop(): Promise<void>;
}
