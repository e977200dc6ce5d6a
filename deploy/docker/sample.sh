#!/bin/sh
# Writes lines as two IdPs do, to /logs: the sample with its times moved to now,
# then two events a second for as long as it runs, so that graphs move. A file is
# renamed at 20 MB, and the one before it removed: 40 MB at most.
set -eu
live=/logs/live.ndjson

for file in /sample/*.ndjson; do
  out=/logs/$(basename "$file")
  [ -e "$out" ] || gen -shift <"$file" >"$out"
done

while :; do
  now=$(date -u +%s)
  gen -n 20 -rate 2 -noise 0 -seed "$now" -start "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >>"$live"
  if [ "$(stat -c %s "$live")" -gt 20000000 ]; then
    mv "$live" "$live.1"
  fi
  sleep 10
done
