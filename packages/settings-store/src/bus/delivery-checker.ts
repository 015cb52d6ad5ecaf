import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { BusConnection } from "../backend/backend.ts";
import { createAnnouncements } from "./announcements.ts";
import { type BusMessage, decodeBusMessage } from "./bus-message.ts";
import { createDeliveryProbe } from "./delivery-probe.ts";

/** A connection to a bus and the results of its checks. */
export interface CheckedConnection {
  readonly connection: BusConnection;
  readonly openedAtMono: number;
  /** Whether messages arrived at the last check. */
  isDelivering: boolean;
  /** Whether messages ever arrived. */
  hasDelivered: boolean;
  /** Whether the stored version was read after the connection opened. Versions up to that one need no message. */
  hasBaseline: boolean;
}

/** Input of {@link createDeliveryChecker}. */
export interface DeliveryCheckerOptions {
  readonly clock: Clock;
  /** The id of this store in messages. */
  readonly origin: string;
  /** The time limit of a check, milliseconds. */
  readonly limitMs: number;
}

/** Checks whether the messages of writers arrive over a connection. */
export interface DeliveryChecker {
  /** Processes a received text. Returns the message of a writer, `undefined` for a text that is not a message, `null` for a probe. */
  receive(text: string): BusMessage | undefined | null;
  /** Runs the first check of a new connection. */
  begin(connection: BusConnection): Promise<CheckedConnection>;
  /** Checks whether messages arrive. `false`: the connection stopped delivering and should be replaced. */
  check(checked: CheckedConnection): Promise<boolean>;
  /** Records the version that a read found, if that read started after the connection opened. */
  setBaseline(checked: CheckedConnection, cachedVersion: number, readAtMono: number): void;
  /** Records whether the cached version was announced by a message. */
  compare(checked: CheckedConnection, cachedVersion: number): Promise<void>;
  /** Whether messages arrive and none was missed recently. */
  isReliable(checked: CheckedConnection): boolean;
  close(): void;
}

/** How long opening a connection waits for its first check, milliseconds. The check goes on in the background. */
const FIRST_CHECK_MS = 250;

/** How much later than the change itself its message may arrive, milliseconds. */
const LATE_MESSAGE_MS = 300;

/** When a connection that never delivered a message is replaced, milliseconds: the route to the server may have changed. */
const REPLACE_AFTER_MS = 60_000;

export function createDeliveryChecker({ clock, origin, limitMs }: DeliveryCheckerOptions): DeliveryChecker {
  const announcements = createAnnouncements(clock);
  const probe = createDeliveryProbe(clock, origin);
  let cancelWait = () => {};

  function wait(delayMs: number): Promise<void> {
    return new Promise<void>((resolve) => {
      cancelWait = startBackgroundTimer(clock, delayMs, resolve);
    });
  }

  function setBaseline(checked: CheckedConnection, cachedVersion: number, readAtMono: number): void {
    if (checked.hasBaseline || readAtMono < checked.openedAtMono) return;
    announcements.announce(cachedVersion);
    checked.hasBaseline = true;
  }

  /** Publishing may have to connect first, so it gets the whole time limit. */
  async function checkFirst(checked: CheckedConnection): Promise<void> {
    const { send } = checked.connection;
    if (send === null || (await probe.request(send, limitMs)) !== "arrived") return;
    checked.isDelivering = true;
    checked.hasDelivered = true;
  }

  return {
    receive(text) {
      probe.receive(text);
      const message = decodeBusMessage(text);
      if (message?.version === 0) return null;
      if (message !== undefined) announcements.announce(message.version);
      return message;
    },
    async begin(connection) {
      const isLocal = connection.send === null;
      const openedAtMono = clock.monotonic();
      const checked = { connection, openedAtMono, isDelivering: isLocal, hasDelivered: isLocal, hasBaseline: false };
      if (!isLocal) await Promise.race([checkFirst(checked), wait(FIRST_CHECK_MS)]);
      cancelWait();
      return checked;
    },
    async check(checked) {
      const { send } = checked.connection;
      if (send === null) return true;
      // A process that cannot publish is missed by the others, so the first check requires a message of its own.
      const result = await (checked.isDelivering ? probe.repeat(send, limitMs) : probe.request(send, limitMs));
      checked.isDelivering = result === "arrived";
      const isOld = clock.monotonic() - checked.openedAtMono > REPLACE_AFTER_MS;
      if (result === "silent" && (checked.hasDelivered || isOld)) return false;
      checked.hasDelivered ||= checked.isDelivering;
      return true;
    },
    setBaseline,
    async compare(checked, cachedVersion) {
      if (checked.connection.send === null || !checked.isDelivering) return;
      setBaseline(checked, cachedVersion, checked.openedAtMono);
      if (announcements.isAnnounced(cachedVersion)) return;
      await wait(LATE_MESSAGE_MS);
      if (!announcements.isAnnounced(cachedVersion)) announcements.recordMissing(cachedVersion);
    },
    isReliable: (checked) => checked.isDelivering && !announcements.hasRecentMissing(),
    close() {
      probe.close();
      cancelWait();
    },
  };
}
