#!/bin/sh
# Runs once, when the volume is empty: the table of Athena's analytics page, a
# role that may add to it and no more, and one that may read it.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname audit <<'SQL'
-- psql reads them itself: an argument would be seen in the list of processes.
\set writer_password `cat /run/secrets/postgres_writer_password`
\set reader_password `cat /run/secrets/postgres_reader_password`
BEGIN;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON DATABASE audit FROM PUBLIC;

CREATE TABLE security_audit (
  id          uuid PRIMARY KEY, -- made from log.record.uid: a redelivery adds nothing
  domain      text NOT NULL,
  identity_id uuid,
  event_type  text NOT NULL,
  source_ip   inet,
  user_agent  text,
  metadata    jsonb NOT NULL DEFAULT '{}',
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON security_audit (created_at);
CREATE INDEX ON security_audit (event_type, created_at);
CREATE INDEX ON security_audit (identity_id, created_at);

-- What the table refuses, with the reason.
CREATE TABLE security_audit_rejected (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rejected_at timestamptz NOT NULL DEFAULT now(),
  table_name  text NOT NULL,
  sqlstate    text NOT NULL,
  reason      text NOT NULL,
  record      text NOT NULL
);

CREATE ROLE audit_writer LOGIN PASSWORD :'writer_password';
CREATE ROLE audit_reader LOGIN PASSWORD :'reader_password';
GRANT CONNECT ON DATABASE audit TO audit_writer, audit_reader;
GRANT USAGE ON SCHEMA public TO audit_writer, audit_reader;
GRANT INSERT ON security_audit, security_audit_rejected TO audit_writer;
GRANT SELECT ON security_audit, security_audit_rejected TO audit_reader;
-- Who only looks can't hold up who writes.
ALTER ROLE audit_reader SET default_transaction_read_only = on;
ALTER ROLE audit_reader SET statement_timeout = '30s';
COMMIT;
SQL
