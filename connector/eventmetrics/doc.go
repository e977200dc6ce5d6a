// Package eventmetrics is the event_metrics connector: it counts sign-in
// events in a logs pipeline and sends cumulative metrics into a metrics
// pipeline.
package eventmetrics

//go:generate go tool mdatagen metadata.yaml
