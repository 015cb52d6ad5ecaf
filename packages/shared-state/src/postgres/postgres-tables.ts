/** The tables, with a prefix. */
export function postgresTables(p: string): string {
  return `
CREATE TABLE IF NOT EXISTS ${p}_kept(name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE IF NOT EXISTS ${p}_windows(key text PRIMARY KEY, spent bigint NOT NULL DEFAULT 0, presumed bigint NOT NULL DEFAULT 0,
  held bigint NOT NULL DEFAULT 0, ends_at bigint, restored_spent bigint NOT NULL DEFAULT 0,
  restored_presumed bigint NOT NULL DEFAULT 0) WITH (fillfactor = 20);
CREATE TABLE IF NOT EXISTS ${p}_reservations(id text PRIMARY KEY, state text NOT NULL, content jsonb, until bigint NOT NULL);
CREATE INDEX IF NOT EXISTS ${p}_reservations_held ON ${p}_reservations(until) WHERE state = 'held';
CREATE INDEX IF NOT EXISTS ${p}_reservations_past ON ${p}_reservations(until) WHERE state <> 'held';
CREATE TABLE IF NOT EXISTS ${p}_leases(key text, lease text, ends_at bigint NOT NULL, PRIMARY KEY(key, lease));
CREATE TABLE IF NOT EXISTS ${p}_turns(number bigint GENERATED ALWAYS AS IDENTITY, key text NOT NULL, holder text NOT NULL,
  asked_at bigint NOT NULL, PRIMARY KEY(key, holder));
CREATE TABLE IF NOT EXISTS ${p}_facts(name text PRIMARY KEY, fact text NOT NULL, ends_at bigint NOT NULL);
CREATE TABLE IF NOT EXISTS ${p}_write_offs(number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at bigint NOT NULL,
  key text NOT NULL, amount bigint NOT NULL, actor text, reason text);
CREATE TABLE IF NOT EXISTS ${p}_processes(id text PRIMARY KEY, ends_at bigint NOT NULL, settled_in text NOT NULL);
`;
}
