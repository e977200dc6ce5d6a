// Package autheventsencoding is the auth_events_encoding extension: it makes
// log records of the sign-in events in a message, for the kafka receiver and
// others that take an encoding.
//
// internal/framing owns the finding of the lines, internal/authevent the
// parsing, the receiver all delivery. This package owns the adapter between
// them, and the records' uids: it sees a message and not where it stands.
package autheventsencoding

//go:generate go tool mdatagen metadata.yaml
