// Package ingest is what all components that take lines in have in common: the
// keys of their config that say what a line is, and the way of the lines, once
// read, through the parser to the next component.
package ingest

//go:generate go tool mdatagen metadata.yaml
