package ingest

import (
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/wrapper"
)

// Events is the parser of lines without their wrappers, for who asks it about one.
func (p *Parser) Events() *authevent.Parser { return p.events }

// Unwrapper takes the wrappers off the lines of one input.
func (p *Parser) Unwrapper() *wrapper.Unwrapper { return p.newUnwrapper() }
