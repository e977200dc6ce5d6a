package main

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// What the catalogue's labels are asked for. Where it lists a label's values, a
// wrong one fails the generator; error types are the sources' own.
const (
	success = attr.OutcomeSuccess
	failure = attr.OutcomeFailure

	challengeMismatch = "challenge_mismatch"
	verifierMismatch  = "verifier_mismatch"
	inBreach          = "in_hibp"
	breachUnavailable = "hibp_unavailable"

	failOpen      = "brute_force.fail_open"
	startupFailed = "sdk.startup.failed"
	weakKey       = "platform.key.weak"

	funnel     = definition.FunnelAttribute
	funnelStep = definition.StepAttribute
	window     = definition.WindowAttribute
)
