import { KEEP_EXPIRED_MS, KEEP_JOURNALED_MS, KEEP_SETTLED_MS } from "../contract/retention.ts";
import { KEPT_WRITE_OFFS } from "../contract/state-engine.ts";

/** The SQL functions of the ledger, with a prefix. One call handles many operations, in their order, under one lock. */
export function ledgerFunctions(p: string): string {
  return `
CREATE OR REPLACE FUNCTION ${p}_now() RETURNS bigint LANGUAGE sql VOLATILE AS $f$
  SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
$f$;

CREATE OR REPLACE FUNCTION ${p}_sums(keys jsonb) RETURNS jsonb LANGUAGE sql VOLATILE AS $f$
  SELECT coalesce(jsonb_agg(jsonb_build_object('key', k.key, 'spent', coalesce(w.spent, 0), 'presumed', coalesce(w.presumed, 0),
    'held', coalesce(w.held, 0), 'endEpochMs', w.ends_at) ORDER BY k.place), '[]')
  FROM jsonb_array_elements_text(keys) WITH ORDINALITY AS k(key, place) LEFT JOIN ${p}_windows w ON w.key = k.key
$f$;

-- Adds amounts to windows, which are created where they are missing.
CREATE OR REPLACE FUNCTION ${p}_add(scopes jsonb, now_ms bigint) RETURNS void LANGUAGE sql VOLATILE AS $f$
  INSERT INTO ${p}_windows AS w (key, spent, presumed, held, ends_at)
  SELECT s.key, coalesce(s.spent, 0), coalesce(s.presumed, 0), coalesce(s.amount, 0), coalesce(s."endEpochMs", now_ms + s."endsInMs")
  FROM jsonb_to_recordset(scopes) AS s(key text, spent bigint, presumed bigint, amount bigint, "endEpochMs" bigint, "endsInMs" bigint)
  ON CONFLICT (key) DO UPDATE SET spent = w.spent + excluded.spent, presumed = w.presumed + excluded.presumed,
    held = w.held + excluded.held
$f$;

CREATE OR REPLACE FUNCTION ${p}_keys(scopes jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $f$
  SELECT coalesce(jsonb_agg(scope -> 'key' ORDER BY place), '[]') FROM jsonb_array_elements(scopes) WITH ORDINALITY AS s(scope, place)
$f$;

-- The same amounts for each scope.
CREATE OR REPLACE FUNCTION ${p}_each(scopes jsonb, amounts jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $f$
  SELECT jsonb_agg(scope - 'amount' || amounts) FROM jsonb_array_elements(scopes) AS scope
$f$;

CREATE OR REPLACE FUNCTION ${p}_expire(now_ms bigint) RETURNS void LANGUAGE sql VOLATILE AS $f$
  WITH due AS (
    UPDATE ${p}_reservations SET state = 'expired', until = now_ms + ${KEEP_EXPIRED_MS}
    WHERE id IN (SELECT id FROM ${p}_reservations WHERE state = 'held' AND until <= now_ms LIMIT 1000) RETURNING content
  ), parts AS (
    SELECT part.key, sum(part.amount)::bigint AS amount
    FROM due, jsonb_to_recordset(due.content) AS part(key text, amount bigint) GROUP BY part.key
  )
  UPDATE ${p}_windows w SET held = w.held - parts.amount, presumed = w.presumed + parts.amount FROM parts WHERE w.key = parts.key
$f$;

CREATE OR REPLACE FUNCTION ${p}_reserve(ask jsonb, now_ms bigint, stored text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $f$
DECLARE
  known record;
  refused record;
  scopes jsonb := ask -> 'scopes';
BEGIN
  IF ask ->> 'epoch' <> stored THEN RETURN '{"kind": "other-epoch"}'; END IF;
  PERFORM FROM jsonb_to_recordset(scopes) AS s("startEpochMs" bigint, "endEpochMs" bigint)
    WHERE s."startEpochMs" IS NOT NULL AND (now_ms < s."startEpochMs" OR now_ms >= s."endEpochMs");
  IF FOUND THEN RETURN '{"kind": "other-window"}'; END IF;
  SELECT state, content INTO known FROM ${p}_reservations WHERE id = ask ->> 'id';
  IF FOUND THEN
    IF known.state = 'waiting' THEN
      PERFORM ${p}_add(${p}_each(scopes, known.content), now_ms);
      UPDATE ${p}_reservations SET state = 'settled', content = NULL, until = now_ms + ${KEEP_SETTLED_MS} WHERE id = ask ->> 'id';
    END IF;
    RETURN jsonb_build_object('kind', 'held', 'sums', ${p}_sums(${p}_keys(scopes)));
  END IF;
  SELECT s.place - 1 AS index, coalesce(w.spent, 0) AS spent, coalesce(w.presumed, 0) AS presumed, coalesce(w.held, 0) AS held,
      CASE WHEN w.key IS NULL THEN coalesce((s.scope ->> 'endEpochMs')::bigint, now_ms + (s.scope ->> 'endsInMs')::bigint)
        ELSE w.ends_at END AS ends_at INTO refused
    FROM jsonb_array_elements(scopes) WITH ORDINALITY AS s(scope, place) LEFT JOIN ${p}_windows w ON w.key = s.scope ->> 'key'
    WHERE coalesce(w.spent + w.presumed + w.held, 0) + (s.scope ->> 'amount')::bigint > (s.scope ->> 'limit')::bigint
    ORDER BY s.place LIMIT 1;
  IF FOUND THEN
    RETURN jsonb_build_object('kind', 'refused', 'index', refused.index, 'endEpochMs', refused.ends_at, 'sums',
      jsonb_build_object('spent', refused.spent, 'presumed', refused.presumed, 'held', refused.held));
  END IF;
  PERFORM ${p}_add(scopes, now_ms);
  INSERT INTO ${p}_reservations VALUES (ask ->> 'id', 'held', (SELECT jsonb_agg(jsonb_build_object('key', scope -> 'key', 'amount',
    scope -> 'amount')) FROM jsonb_array_elements(scopes) AS scope), now_ms + (ask ->> 'leaseMs')::bigint);
  RETURN jsonb_build_object('kind', 'held', 'sums', ${p}_sums(${p}_keys(scopes)));
END $f$;

CREATE OR REPLACE FUNCTION ${p}_settle(result jsonb, now_ms bigint) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $f$
DECLARE
  known record;
  is_all boolean := jsonb_typeof(result -> 'all') = 'object';
BEGIN
  SELECT state, content INTO known FROM ${p}_reservations WHERE id = result ->> 'id';
  IF NOT FOUND THEN
    INSERT INTO ${p}_reservations VALUES (result ->> 'id', CASE WHEN is_all THEN 'waiting' ELSE 'settled' END,
      CASE WHEN is_all THEN result -> 'all' END, now_ms + CASE WHEN is_all THEN ${KEEP_SETTLED_MS} ELSE ${KEEP_JOURNALED_MS} END);
    IF is_all THEN RETURN '[]'; END IF;
    PERFORM ${p}_add(result -> 'scopes', now_ms);
    RETURN ${p}_sums(${p}_keys(result -> 'scopes'));
  END IF;
  IF known.state NOT IN ('held', 'expired') THEN RETURN '[]'; END IF;
  -- What was presumed may have been written off since.
  UPDATE ${p}_windows w SET spent = w.spent + coalesce(r.spent, 0),
      held = w.held - CASE WHEN known.state = 'held' THEN part.amount ELSE 0 END,
      presumed = coalesce(r.presumed, 0) + CASE WHEN known.state = 'held' THEN w.presumed ELSE greatest(0, w.presumed - part.amount) END
    FROM jsonb_to_recordset(known.content) AS part(key text, amount bigint)
    LEFT JOIN jsonb_to_recordset(CASE WHEN is_all THEN ${p}_each(known.content, result -> 'all') ELSE result -> 'scopes' END)
      AS r(key text, spent bigint, presumed bigint) ON r.key = part.key
    WHERE w.key = part.key;
  UPDATE ${p}_reservations SET state = 'settled', content = NULL, until = now_ms + ${KEEP_SETTLED_MS} WHERE id = result ->> 'id';
  RETURN ${p}_sums(${p}_keys(known.content));
END $f$;

-- Of the sums that processes hand in after the store was emptied, the largest wins.
CREATE OR REPLACE FUNCTION ${p}_restore(scopes jsonb, now_ms bigint) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $f$
BEGIN
  PERFORM ${p}_add(${p}_each(scopes, '{"spent": 0, "presumed": 0}'), now_ms);
  UPDATE ${p}_windows w SET spent = w.spent + greatest(0, s.spent - w.restored_spent), restored_spent = greatest(s.spent, w.restored_spent),
      presumed = w.presumed + greatest(0, s.presumed - w.restored_presumed),
      restored_presumed = greatest(s.presumed, w.restored_presumed)
    FROM jsonb_to_recordset(scopes) AS s(key text, spent bigint, presumed bigint) WHERE w.key = s.key;
  RETURN ${p}_sums(${p}_keys(scopes));
END $f$;

CREATE OR REPLACE FUNCTION ${p}_ledger(operations jsonb, fresh text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $f$
DECLARE
  now_ms bigint;
  stored text;
  op jsonb;
  replies jsonb[] := '{}';
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('${p}_ledger', 0));
  now_ms := ${p}_now();
  SELECT value INTO stored FROM ${p}_kept WHERE name = 'epoch';
  IF NOT FOUND THEN
    INSERT INTO ${p}_kept VALUES ('epoch', fresh);
    stored := fresh;
  END IF;
  PERFORM ${p}_expire(now_ms);
  FOR op IN SELECT value FROM jsonb_array_elements(operations) LOOP
    replies := replies || CASE op ->> 'op'
      WHEN 'reserve' THEN ${p}_reserve(op, now_ms, stored)
      WHEN 'settle' THEN ${p}_settle(op, now_ms)
      WHEN 'restore' THEN ${p}_restore(op -> 'scopes', now_ms)
      WHEN 'write-off' THEN ${p}_write_off(op, now_ms)
      ELSE ${p}_sums(op -> 'keys') END;
  END LOOP;
  RETURN jsonb_build_object('now', now_ms, 'epoch', stored, 'replies', to_jsonb(replies));
END $f$;

CREATE OR REPLACE FUNCTION ${p}_write_off(op jsonb, now_ms bigint) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $f$
DECLARE
  removed bigint;
BEGIN
  SELECT least(presumed, (op ->> 'presumed')::bigint) INTO removed FROM ${p}_windows WHERE key = op ->> 'key';
  IF removed > 0 THEN
    UPDATE ${p}_windows SET presumed = presumed - removed WHERE key = op ->> 'key';
    INSERT INTO ${p}_write_offs(at, key, amount, actor, reason)
      VALUES (now_ms, op ->> 'key', removed, op ->> 'actor', op ->> 'reason');
    DELETE FROM ${p}_write_offs WHERE number <= (SELECT max(number) - ${KEPT_WRITE_OFFS} FROM ${p}_write_offs);
  END IF;
  RETURN ${p}_sums(jsonb_build_array(op ->> 'key'));
END $f$;
`;
}
