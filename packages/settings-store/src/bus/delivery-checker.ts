import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { BusConnection } from "../backend/backend.ts";
import { createAnnouncements } from "./announcements.ts";
import { type BusMessage, decodeBusMessage } from "./bus-message.ts";
import { createDeliveryProbe } from "./delivery-probe.ts";

/** A connection to a bus and what is known about it. */
export interface CheckedConnection {
  readonly connection: BusConnection;
  readonly openedAtMono: number;
  /** Whether messages arrive now. */
  isDelivering: boolean;
  /** Whether they ever did. */
  hasDelivered: boolean;
  /** Whether something was read since it was opened. What was found then may be from before anybody listened. */
  hasBaseline: boolean;
}

/** What proving needs. */
export interface DeliveryCheckerOptions {
  readonly clock: Clock;
  /** This store, in messages. */
  readonly origin: string;
  /** Longest wait for a message at a check, milliseconds. */
  readonly limitMs: number;
}

/** Finds out whether the messages of writers arrive over a connection. */
export interface DeliveryChecker {
  /** Takes a text that arrived; returns the message of a writer, `undefined` for a text that is not one, `null` for a proof. */
  receive(text: string): BusMessage | undefined | null;
  /** What is known about a new connection. */
  begin(connection: BusConnection): Promise<CheckedConnection>;
  /** Notes whether messages arrive. `false`: the connection fell silent, and may be dead without either side knowing. */
  check(line: CheckedConnection): Promise<boolean>;
  /** Notes which version was stored when the connection was new: what was read at a moment. */
  setBaseline(line: CheckedConnection, heldVersion: number, readAtMono: number): void;
  /** Notes whether the version that is held had been announced. */
  compare(line: CheckedConnection, heldVersion: number): Promise<void>;
  /** Whether the messages of others can be relied on over this connection. */
  isReliable(line: CheckedConnection): boolean;
  close(): void;
}

/** How long a new connection counts as one that may be proven at once, milliseconds. What comes later counts when it comes. */
const FIRST_PROOF_MS = 250;

/** A message may arrive later than the change that it announces was read, milliseconds. */
const LATE_MESSAGE_MS = 300;

/** When a connection that never delivered a message is replaced, milliseconds: the way to the server may have changed. */
const REPLACE_AFTER_MS = 60_000;

export function createDeliveryChecker({ clock, origin, limitMs }: DeliveryCheckerOptions): DeliveryChecker {
  const announcements = createAnnouncements(clock);
  const proof = createDeliveryProbe(clock, origin);
  let cancelWait = () => {};

  function wait(delayMs: number): Promise<void> {
    return new Promise<void>((resolve) => {
      cancelWait = startBackgroundTimer(clock, delayMs, resolve);
    });
  }

  function noteFirst(line: CheckedConnection, heldVersion: number, readAtMono: number): void {
    if (line.hasBaseline || readAtMono < line.openedAtMono) return;
    announcements.announce(heldVersion);
    line.hasBaseline = true;
  }

  /** Publishing may have to wait for a connection that others wait for too, so it has the time that they have. */
  async function proveFirst(line: CheckedConnection): Promise<void> {
    const { send } = line.connection;
    if (send === null || (await proof.request(send, limitMs)) !== "arrived") return;
    line.isDelivering = true;
    line.hasDelivered = true;
  }

  return {
    receive(text) {
      proof.receive(text);
      const message = decodeBusMessage(text);
      if (message?.version === 0) return null;
      if (message !== undefined) announcements.announce(message.version);
      return message;
    },
    async begin(connection) {
      const isProven = connection.send === null;
      const openedAtMono = clock.monotonic();
      const line: CheckedConnection = {
        connection,
        openedAtMono,
        isDelivering: isProven,
        hasDelivered: isProven,
        hasBaseline: false,
      };
      if (!isProven) await Promise.race([proveFirst(line), wait(FIRST_PROOF_MS)]);
      cancelWait();
      return line;
    },
    async check(line) {
      const { send } = line.connection;
      if (send === null) return true;
      // Who cannot publish is not heard by others either, so a first proof has to be one's own.
      const result = await (line.isDelivering ? proof.repeat(send, limitMs) : proof.request(send, limitMs));
      line.isDelivering = result === "arrived";
      const isOld = clock.monotonic() - line.openedAtMono > REPLACE_AFTER_MS;
      if (result === "silent" && (line.hasDelivered || isOld)) return false;
      line.hasDelivered ||= line.isDelivering;
      return true;
    },
    setBaseline: noteFirst,
    async compare(line, heldVersion) {
      if (line.connection.send === null || !line.isDelivering) return;
      noteFirst(line, heldVersion, line.openedAtMono);
      if (announcements.isAnnounced(heldVersion)) return;
      await wait(LATE_MESSAGE_MS);
      if (!announcements.isAnnounced(heldVersion)) announcements.recordMissing(heldVersion);
    },
    isReliable: (line) => line.isDelivering && !announcements.hasRecentMissing(),
    close() {
      proof.close();
      cancelWait();
    },
  };
}
