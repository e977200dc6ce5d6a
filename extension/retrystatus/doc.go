// Package retrystatus is the retry_status extension: a middleware of HTTP
// clients that presents statuses which an exporter takes as final (401, 403,
// 408, 500) as 503, so that it sends again and loses nothing.
//
// The exporter owns the sending, the waiting and the giving up. This package
// owns which status means that, and that somebody hears of it: a line in the log
// for each stretch of such answers, and a metric.
package retrystatus

//go:generate go tool mdatagen metadata.yaml
