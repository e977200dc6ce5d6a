#!/bin/sh
# Writes .env from .env.example, with a random secret in each empty line. It
# leaves an .env alone that is there: a new key would make new pseudonyms.
set -eu
cd "$(dirname "$0")"
if [ -e .env ]; then
  echo ".env is there already; remove it for new secrets" >&2
  exit 0
fi
umask 077
while IFS= read -r line; do
  case $line in
    [A-Z]*=) echo "$line$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')" ;;
    *) echo "$line" ;;
  esac
done <.env.example >.env.part
mv .env.part .env
