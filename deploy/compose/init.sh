#!/bin/sh
# Writes .env from .env.example, and a random secret into each file of secrets/
# that compose.yaml mounts. What is there stays: a new key would make new
# pseudonyms.
set -eu
cd "$(dirname "$0")"
umask 077
[ -e .env ] || cp .env.example .env
# The folder keeps everybody else on the host out. The files themselves are for
# all, since each container has another user, and compose mounts them as they are.
mkdir -p secrets
chmod 0700 secrets
for name in piiscrub_key grafana_password postgres_password postgres_writer_password postgres_reader_password; do
  [ -e "secrets/$name" ] && continue
  # An .env of version 0.1 holds the secrets: they are what the volumes know.
  variable=$(echo "$name" | tr '[:lower:]' '[:upper:]')
  secret=$(sed -n "s/^$variable=//p" .env)
  [ -n "$secret" ] || secret=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
  printf %s "$secret" >"secrets/$name.part" # without a line end: a password would have it too
  chmod 0644 "secrets/$name.part"
  mv "secrets/$name.part" "secrets/$name"
done
