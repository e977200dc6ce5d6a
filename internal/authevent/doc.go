// Package authevent is the parse core: a line of an identity provider (IdP)
// in, an OpenTelemetry log record out, one vocabulary for every IdP.
//
// It knows no collector component, logs nothing and keeps no file open. What a
// line of an IdP means is data: the profiles in profiles/*.yaml and a user's
// own (profile.go is the schema, schema.go its decoder), compiled by NewParser
// into one trie of all the fields that any of them asks for. A line is then
// read once, from left to right: the decoder validates it and notes where those
// fields stand (decode.go), the first profile that recognises the line takes it
// (match.go) and names its event (events.go), and its fields become a record's
// attributes (record.go). Values are sub-slices of one string per line.
//
// Texts inside a line are read only for the profile that asks: lists of
// key="value" (keyvalues.go) and sentences that a template fits (template.go).
// What a line has that its profile does not expect is counted as drift
// (drift.go).
package authevent
