package ingest

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"

	"github.com/authevents/otelcol-auth/internal/tail"
)

// Input is one way in: files, standard input, requests, a bucket. It parses
// lines, and hands their records on.
type Input struct {
	source *source
	next   consumer.Logs
	obs    *receiverhelper.ObsReport
	retry  RetryConfig
	outage outage
}

// NewInput makes the input of a receiver; name is that in telemetry.
func NewInput(name string, p *Parser, retry RetryConfig, set receiver.Settings, next consumer.Logs) (*Input, error) {
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: set.ID, Transport: name, ReceiverCreateSettings: set,
	})
	if err != nil {
		return nil, err
	}
	s, err := newSource(name, p, set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &Input{source: s, next: next, obs: obs, retry: retry, outage: outage{logger: set.Logger}}, nil
}

// Open returns the handler for the lines of one file or stream: it gives lines
// to the next component until they are taken, or refused for good. What a
// wrapper has split it joins, and holds the position in front of it.
func (in *Input) Open(tail.Origin) tail.Handler {
	r := in.source.newReader()
	return func(ctx context.Context, l *tail.Lines) error {
		b := r.read(l)
		defer r.done(b)
		if b.records.Len() > 0 {
			if err := in.deliver(ctx, b); err != nil {
				return err
			}
		}
		r.acknowledged(ctx, b)
		if offset, held := r.unwrapper.Held(); held {
			l.Hold(offset)
		}
		return nil
	}
}

// Errors of Offer.
var (
	// ErrUnavailable: the next component did not take the records; it may later.
	ErrUnavailable = errors.New("the next component did not take the records")
	// ErrRefused: sending them again is useless.
	ErrRefused = errors.New("the next component refused the records for good")
	// ErrTooManyLines: nothing was sent.
	ErrTooManyLines = errors.New("there are too many lines")
)

// Summary says what became of the lines of a request.
type Summary struct {
	Accepted, Rejected int
	// Reasons counts the rejected lines by code; nil for none.
	Reasons map[string]int
}

// Offer hands the lines of one request on, once: who sent them sends them
// again. Without their wrappers they may be maxLines. How many they are, admit is
// told before their records are made; nil admits all, and its error is returned
// as it is. Where there is an error, nothing was taken.
func (in *Input) Offer(ctx context.Context, l *tail.Lines, maxLines int, admit func(lines int) error) (Summary, error) {
	r := in.source.newReader()
	l.End = true // a request ends with its body
	b := r.borrow()
	defer r.done(b)
	if !r.unwrap(b, l, maxLines) {
		return Summary{}, ErrTooManyLines
	}
	if admit != nil {
		if err := admit(len(b.lines)); err != nil {
			return Summary{}, err
		}
	}
	b.build()
	if b.records.Len() > 0 {
		if err := in.offer(ctx, b); err != nil {
			return Summary{}, err
		}
	}
	r.acknowledged(ctx, b)
	return b.summary(), nil
}
