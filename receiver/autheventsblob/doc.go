// Package autheventsblob is the auth_events_blob receiver: it reads the objects
// of a bucket (S3, Google Cloud Storage, Azure Blob Storage, a directory) line
// by line, has the lines parsed, and hands the records on.
//
// gocloud.dev/blob owns the clouds, internal/ingest the way of the lines to the
// next component. This package owns which objects are read, how far each is
// read, and what is remembered of that.
package autheventsblob

//go:generate go tool mdatagen metadata.yaml
