import { KEEP_ENDED_WINDOW_MS } from "../contract/retention.ts";
import { PLACE_MS } from "../slots/turns.ts";

/**
 * For leases of slots and signs of life, whose transactions others wait for: the commit does not wait for the disk. A crash of the server
 * may lose the last 0.6 seconds of them (postgresql.org/docs/current/wal-async-commit.html), in an outage in which processes use their
 * shares anyway. What was lost is an acquired lease, which is not counted until its call ends, or a released one, which ends by itself.
 * Sums of the ledger are never committed so.
 */
const SOON = "PERFORM set_config('synchronous_commit', 'off', true);";

/** The SQL functions of slots, facts and processes, with a prefix. */
export function sharingFunctions(p: string): string {
  return `
-- Returns -1 if the lease is granted, else the number of those ahead.
CREATE OR REPLACE FUNCTION ${p}_acquire(of_key text, slots bigint, ttl_ms bigint, who text, new_lease text)
RETURNS bigint LANGUAGE plpgsql VOLATILE AS $f$
DECLARE
  now_ms bigint;
  place bigint;
  ahead bigint;
BEGIN
  ${SOON}
  PERFORM pg_advisory_xact_lock(hashtextextended('${p}_slots ' || of_key, 0));
  now_ms := ${p}_now();
  DELETE FROM ${p}_leases WHERE key = of_key AND ends_at <= now_ms;
  DELETE FROM ${p}_turns WHERE key = of_key AND asked_at <= now_ms - ${PLACE_MS};
  SELECT number INTO place FROM ${p}_turns WHERE key = of_key AND holder = who;
  SELECT count(*) INTO ahead FROM ${p}_turns WHERE key = of_key AND (place IS NULL OR number < place);
  IF slots - (SELECT count(*) FROM ${p}_leases WHERE key = of_key) > ahead THEN
    DELETE FROM ${p}_turns WHERE key = of_key AND holder = who;
    INSERT INTO ${p}_leases VALUES (of_key, new_lease, now_ms + ttl_ms);
    RETURN -1;
  END IF;
  INSERT INTO ${p}_turns(key, holder, asked_at) VALUES (of_key, who, now_ms)
    ON CONFLICT (key, holder) DO UPDATE SET asked_at = excluded.asked_at;
  RETURN ahead;
END $f$;

CREATE OR REPLACE FUNCTION ${p}_renew(of_key text, of_lease text, ttl_ms bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $f$
BEGIN
  ${SOON}
  UPDATE ${p}_leases SET ends_at = ${p}_now() + ttl_ms WHERE key = of_key AND lease = of_lease AND ends_at > ${p}_now();
  RETURN FOUND;
END $f$;

CREATE OR REPLACE FUNCTION ${p}_release(of_key text, of_lease text) RETURNS void LANGUAGE plpgsql VOLATILE AS $f$
BEGIN
  ${SOON}
  DELETE FROM ${p}_leases WHERE key = of_key AND lease = of_lease;
END $f$;

CREATE OR REPLACE FUNCTION ${p}_say(fact_name text, new_fact text, for_ms bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $f$
DECLARE
  now_ms bigint := ${p}_now();
BEGIN
  DELETE FROM ${p}_facts WHERE ends_at <= now_ms;
  INSERT INTO ${p}_facts AS f VALUES (fact_name, new_fact, now_ms + for_ms)
    ON CONFLICT (name) DO UPDATE SET fact = excluded.fact, ends_at = excluded.ends_at WHERE f.ends_at < excluded.ends_at;
  PERFORM pg_notify('${p}_facts', new_fact);
END $f$;

-- Another one after a standby was promoted; where commits do not wait for the disk, also after a restart. Some services do not know it.
CREATE OR REPLACE FUNCTION ${p}_server() RETURNS text LANGUAGE plpgsql VOLATILE AS $f$
BEGIN
  RETURN left(pg_walfile_name(pg_current_wal_lsn()), 8)
    || CASE WHEN current_setting('synchronous_commit') = 'off' THEN pg_postmaster_start_time()::text ELSE '' END;
EXCEPTION WHEN OTHERS THEN
  RETURN '';
END $f$;

CREATE OR REPLACE FUNCTION ${p}_beat(process_id text, ttl_ms bigint, settled text, fresh text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $f$
DECLARE
  now_ms bigint := ${p}_now();
  -- As the session has it, before it is changed for this transaction.
  server text := ${p}_server();
  epoch text;
  generation text;
BEGIN
  ${SOON}
  INSERT INTO ${p}_kept VALUES ('epoch', fresh) ON CONFLICT DO NOTHING;
  SELECT value INTO epoch FROM ${p}_kept WHERE name = 'epoch';
  generation := epoch || ' ' || server;
  INSERT INTO ${p}_processes VALUES (process_id, now_ms + ttl_ms, coalesce(settled, generation))
    ON CONFLICT (id) DO UPDATE SET ends_at = excluded.ends_at, settled_in = excluded.settled_in;
  -- One process deletes what has ended; the others do not wait for it.
  IF pg_try_advisory_xact_lock(hashtextextended('${p}_tidy', 0)) THEN
    DELETE FROM ${p}_processes WHERE ends_at <= now_ms;
    DELETE FROM ${p}_windows WHERE ends_at < now_ms - ${KEEP_ENDED_WINDOW_MS};
    DELETE FROM ${p}_reservations WHERE id IN
      (SELECT id FROM ${p}_reservations WHERE state <> 'held' AND until <= now_ms LIMIT 10000);
  END IF;
  RETURN (SELECT jsonb_build_object('now', now_ms, 'epoch', epoch, 'generation', generation, 'processes', count(*),
    'settled', count(*) FILTER (WHERE settled_in = generation)) FROM ${p}_processes WHERE ends_at > now_ms);
END $f$;
`;
}
