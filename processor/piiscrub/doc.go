//go:generate go tool mdatagen metadata.yaml

// Package piiscrub is the processor pii_scrub: it takes personal data out of
// log records by policy. It owns config and telemetry; package scrub does the
// work.
package piiscrub
