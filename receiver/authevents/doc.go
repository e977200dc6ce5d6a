// Package authevents is the auth_events receiver: it reads the lines of files,
// of standard input and of requests, has them parsed, and hands the records on.
//
// internal/tail owns the reading and the positions, internal/authevent the
// parsing. This package owns the batches, their acknowledgement and the retry.
package authevents

//go:generate go tool mdatagen metadata.yaml
