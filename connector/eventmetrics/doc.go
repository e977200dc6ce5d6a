// Package eventmetrics is the event_metrics connector: it counts sign-in
// events in a logs pipeline and sends cumulative or delta metrics into metrics
// pipelines.
package eventmetrics

//go:generate go tool mdatagen metadata.yaml
