package main

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/bench/internal/records"
	"github.com/authevents/otelcol-auth/bench/internal/stockmetrics"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

const (
	heraSource     = "hera"
	loginGovSource = "login_gov"
)

// counted is what the stock connectors are told of the records.
var counted = stockmetrics.Input{Sources: []string{heraSource, loginGovSource}}

// input is the files whose records are counted.
type input struct{ hera, loginGov string }

// batches makes records of the first lines of each file: all of them at once,
// so that parsing is no part of what is measured, by turns a batch of each.
func (in input) batches(lines int) ([]plog.Logs, error) {
	bySource := make([][]plog.Logs, 2)
	for i, source := range []records.Source{
		{File: in.hera, Options: authevent.Options{Source: heraSource, Body: authevent.BodyText}},
		{File: in.loginGov, Options: authevent.Options{Source: loginGovSource, Body: authevent.BodyText}},
	} {
		err := source.Each(lines, func(_ [][]byte, ld plog.Logs) error {
			bySource[i] = append(bySource[i], ld)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	var all []plog.Logs
	for i := range bySource[0] {
		all = append(all, bySource[0][i], bySource[1][i])
	}
	return all, nil
}
