// Package eventsampler is the event_sampler processor: it thins the frequent
// successes among sign-in events, keeps whatever is rare or failed, and says on
// each record that it keeps how many it stands for.
package eventsampler

//go:generate go tool mdatagen metadata.yaml
