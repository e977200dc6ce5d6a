// Package eventmetrics is the event_metrics processor: it counts sign-in
// events on their way through a logs pipeline, and shows the counts among the
// metrics of the collector itself.
package eventmetrics

//go:generate go tool mdatagen metadata.yaml
