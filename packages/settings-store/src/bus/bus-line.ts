import type { Clock } from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { BusConnection } from "../backend/backend.ts";
import { createAnnouncements } from "./announcements.ts";
import { type BusMessage, decodeBusMessage } from "./bus-message.ts";
import { createBusProof } from "./bus-proof.ts";

/** A connection to a bus and what is known about it. */
export interface BusLine {
  readonly connection: BusConnection;
  readonly openedAtMono: number;
  /** Whether messages arrive now. */
  isProven: boolean;
  /** Whether they ever did. */
  wasProven: boolean;
  /** Whether something was read since it was opened. What was found then may be from before anybody listened. */
  isBegun: boolean;
}

/** What proving needs. */
export interface LineProverOptions {
  readonly clock: Clock;
  /** This store, in messages. */
  readonly origin: string;
  /** Longest wait for a message at a check, milliseconds. */
  readonly limitMs: number;
}

/** Finds out whether the messages of writers arrive over a connection. */
export interface LineProver {
  /** Takes a text that arrived; returns the message of a writer, `undefined` for a text that is not one, `null` for a proof. */
  receive(text: string): BusMessage | undefined | null;
  /** What is known about a new connection. */
  begin(connection: BusConnection): Promise<BusLine>;
  /** Notes whether messages arrive. `false`: the connection fell silent, and may be dead without either side knowing. */
  check(line: BusLine): Promise<boolean>;
  /** Notes which version was stored when the connection was new: what was read at a moment. */
  noteFirst(line: BusLine, heldVersion: number, readAtMono: number): void;
  /** Notes whether the version that is held had been announced. */
  compare(line: BusLine, heldVersion: number): Promise<void>;
  /** Whether the messages of others can be relied on over this connection. */
  isReliable(line: BusLine): boolean;
  close(): void;
}

/** How long a new connection counts as one that may be proven at once, milliseconds. What comes later counts when it comes. */
const FIRST_PROOF_MS = 250;

/** A message may arrive later than the change that it announces was read, milliseconds. */
const LATE_MESSAGE_MS = 300;

/** When a connection that never delivered a message is replaced, milliseconds: the way to the server may have changed. */
const REPLACE_AFTER_MS = 60_000;

export function createLineProver({ clock, origin, limitMs }: LineProverOptions): LineProver {
  const announcements = createAnnouncements(clock);
  const proof = createBusProof(clock, origin);
  let cancelWait = () => {};

  function wait(delayMs: number): Promise<void> {
    return new Promise<void>((resolve) => {
      cancelWait = startBackgroundTimer(clock, delayMs, resolve);
    });
  }

  function noteFirst(line: BusLine, heldVersion: number, readAtMono: number): void {
    if (line.isBegun || readAtMono < line.openedAtMono) return;
    announcements.announce(heldVersion);
    line.isBegun = true;
  }

  /** Publishing may have to wait for a connection that others wait for too, so it has the time that they have. */
  async function proveFirst(line: BusLine): Promise<void> {
    const { send } = line.connection;
    if (send === null || (await proof.request(send, limitMs)) !== "arrived") return;
    line.isProven = true;
    line.wasProven = true;
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
      const line: BusLine = { connection, openedAtMono, isProven, wasProven: isProven, isBegun: false };
      if (!isProven) await Promise.race([proveFirst(line), wait(FIRST_PROOF_MS)]);
      cancelWait();
      return line;
    },
    async check(line) {
      const { send } = line.connection;
      if (send === null) return true;
      // Who cannot publish is not heard by others either, so a first proof has to be one's own.
      const result = await (line.isProven ? proof.repeat(send, limitMs) : proof.request(send, limitMs));
      line.isProven = result === "arrived";
      const isOld = clock.monotonic() - line.openedAtMono > REPLACE_AFTER_MS;
      if (result === "silent" && (line.wasProven || isOld)) return false;
      line.wasProven ||= line.isProven;
      return true;
    },
    noteFirst,
    async compare(line, heldVersion) {
      if (line.connection.send === null || !line.isProven) return;
      noteFirst(line, heldVersion, line.openedAtMono);
      if (announcements.isAnnounced(heldVersion)) return;
      await wait(LATE_MESSAGE_MS);
      if (!announcements.isAnnounced(heldVersion)) announcements.miss(heldVersion);
    },
    isReliable: (line) => line.isProven && !announcements.areMissing(),
    close() {
      proof.close();
      cancelWait();
    },
  };
}
