//go:generate go tool mdatagen metadata.yaml

// Package securityaudit is the exporter security_audit: it writes log records
// as rows of a table in Postgres. It owns config, connections, the ways to
// insert, and what becomes of a row that the server refuses; which columns
// there are, and what a record puts into them, is for its internal packages.
package securityaudit
