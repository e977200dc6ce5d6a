package authevent

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// Origin is where lines come from.
type Origin struct {
	// ID is the identity of the file or stream. With a line's offset it
	// makes log.record.uid for sources that have no id of their own.
	ID uint64
	// FileName and FilePath are log.file.name and log.file.path; "" for none.
	FileName, FilePath string
}

// Line is one line of an input.
type Line struct {
	// Text is without the line's end. It is read during Add only, unless Lasting
	// says that its memory is never written to again: then records keep parts of
	// it, and with them all of the memory that it stands in.
	Text    []byte
	Lasting bool
	// Offset is that of the line's first byte in its origin.
	Offset int64
	// Index counts the lines that one envelope at Offset has held, from 0.
	Index int
	// Time is what a wrapper around the line says, for a line that has no
	// usable time itself; zero for none.
	Time time.Time
	// Truncated: the line was cut at the maximum line size.
	Truncated bool
}

// Kind says what became of a line.
type Kind uint8

const (
	// Event is a record with an event name.
	Event Kind = iota
	// Unparsed is no event: a record with the line as its body and the
	// attribute auth.parse.error, unless Options.DropUnparsed is set.
	Unparsed
	// Skipped is a line with nothing in it: no record.
	Skipped
)

// Result is what Add made of a line.
type Result struct {
	Kind Kind
	// Reason is why a line is Unparsed or Skipped: one of few codes.
	Reason string
	// Source is the name of the profile that took an Event.
	Source string
}

// Batch turns lines into records, grouped by resource and scope. It is for
// one goroutine at a time; after Take it is as new, and keeps its buffers.
type Batch struct {
	parser  *Parser
	decoder *decoder
	attrs   [1]xpdata.MapBuilder // of the record that is being made; an array for head.into
	// shapes has an entry for each name that the profiles list, at most, and one
	// for all others.
	shapes map[*meaning]*shape
	buf    []byte
	texts  texts // of lines
	uids   texts
	event  event // of the line that is being added
	drift  driftLog

	logs    plog.Logs
	groups  []group
	records int
	coming  int // lines that are announced, and not yet added
}

// group is the records of one resource and scope.
type group struct {
	profile     *compiled // nil for lines that no profile took
	environment string
	records     plog.LogRecordSlice
}

// NewBatch returns an empty Batch.
func (p *Parser) NewBatch() *Batch {
	return &Batch{parser: p, decoder: newDecoder(p.trie), shapes: map[*meaning]*shape{}, logs: plog.NewLogs()}
}

// Expect announces how many lines the next calls of Add have, and how many bytes
// those that are not Lasting, so that the records find room made to measure. It need not be called,
// nor be right.
func (b *Batch) Expect(lines, bytes int) {
	b.coming = lines
	b.texts.left = bytes
	b.uids.left = lines * uidSize
}

// Len returns how many records were added since the last Take.
func (b *Batch) Len() int { return b.records }

// Release lets go of the last line. Who keeps a Batch for later calls it when
// the lines are done with, so that the Batch holds nobody's data meanwhile.
// What TakeDrift was not called for is lost.
func (b *Batch) Release() {
	b.decoder.release()
	b.texts, b.uids = texts{}, texts{}
	b.coming = 0
	b.event = event{}
	b.drift = driftLog{}
}

// Take hands the records over, and begins anew.
func (b *Batch) Take() plog.Logs {
	logs := b.logs
	b.logs = plog.NewLogs()
	clear(b.groups)
	b.groups = b.groups[:0]
	b.records = 0
	return logs
}

// Add makes a record of a line, read at the time observed.
func (b *Batch) Add(l Line, from *Origin, observed time.Time) Result {
	var s string
	if l.Lasting {
		s = view(l.Text)
	} else {
		s = b.texts.text(l.Text)
	}
	b.coming = max(0, b.coming-1)
	if reason := skipReason(s); reason != "" {
		return Result{Kind: Skipped, Reason: reason}
	}
	p, body, reason := b.read(s, l.Truncated)
	if reason != "" {
		if !b.parser.options.DropUnparsed {
			b.addUnparsed(s, reason, l, from, observed)
		}
		return Result{Kind: Unparsed, Reason: reason}
	}
	b.addEvent(p, body, l, from, observed)
	return Result{Kind: Event, Source: p.name}
}

// read decodes a line, and finds its profile and its event; or says why it is
// no event. body is its JSON object, or its text.
func (b *Batch) read(s string, truncated bool) (p *compiled, body, reason string) {
	if truncated || len(s) > maxLine {
		return nil, "", reasonTooLong
	}
	if !strings.HasPrefix(s[jsonscan.Space(s, 0):], "{") {
		return b.readText(s)
	}
	start, end, code := b.decoder.decode(s)
	if code != jsonscan.OK {
		return nil, "", code.String()
	}
	for _, p := range b.parser.profiles {
		if !p.takes(b.decoder) {
			continue
		}
		if len(p.keyValues) > 0 || len(p.templates) > 0 {
			b.decoder.readTexts(p)
		}
		if b.findEvent(p) {
			return p, s[start:end], ""
		}
	}
	b.drift.add(DriftUnknownSource, "", "")
	return nil, "", reasonNoEvent
}

// readText is read for a line that is no JSON object: an event if a template
// of some profile fits. Its body is the line as text, of which auth.pii.fields
// can name no part: pii_scrub redacts such a body whole, and the attributes,
// which templates fill, tell what happened.
func (b *Batch) readText(s string) (p *compiled, body, reason string) {
	if !b.parser.readsText {
		return nil, "", notObjectReason(s)
	}
	text := strings.TrimSpace(s)
	b.decoder.reset(text)
	for _, p := range b.parser.profiles {
		if b.decoder.fit(p.lineTemplates) && b.findEvent(p) {
			return p, text, ""
		}
	}
	return nil, "", notObjectReason(s)
}

// findEvent names the event of the line that the decoder has read, and says
// whether it has one: without a name, p does not take the line after all.
func (b *Batch) findEvent(p *compiled) bool {
	unknown, asWritten := p.eventOf(b.decoder, &b.event)
	if b.event.name == "" {
		return false
	}
	if unknown {
		b.drift.add(DriftUnknownEvent, p.name, asWritten)
	}
	if b.decoder.unexpected != 0 {
		b.noteRetyped(p)
	}
	return true
}

// unknownService is the service.name that the specification asks for where
// none is known.
const unknownService = "unknown_service"

// group finds or makes the group of a profile and environment. There are few.
func (b *Batch) group(p *compiled, environment string) *group {
	for i := range b.groups {
		if g := &b.groups[i]; g.profile == p && g.environment == environment {
			return g
		}
	}
	rl := b.logs.ResourceLogs().AppendEmpty()
	service := unknownService
	if p != nil {
		service = p.serviceName
	} else if len(b.parser.profiles) == 1 {
		service = b.parser.profiles[0].serviceName
	}
	rl.Resource().Attributes().PutStr(attr.ServiceName, service)
	if environment != "" {
		rl.Resource().Attributes().PutStr(attr.DeploymentEnvironmentName, environment)
	}
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName(b.parser.options.ScopeName)
	sl.Scope().SetVersion(b.parser.options.ScopeVersion)
	if p != nil {
		sl.Scope().Attributes().PutStr(attr.Source, p.name)
		sl.Scope().Attributes().PutStr(attr.PIIFields, p.piiFields)
	}
	if len(b.groups) == 0 { // nearly all batches have a single group
		sl.LogRecords().EnsureCapacity(1 + b.coming)
	}
	b.groups = append(b.groups, group{profile: p, environment: environment, records: sl.LogRecords()})
	return &b.groups[len(b.groups)-1]
}

// addUnparsed keeps a line that is no event, so that nothing is lost.
func (b *Batch) addUnparsed(s, reason string, l Line, from *Origin, observed time.Time) {
	lr := b.group(nil, b.parser.options.Environment).records.AppendEmpty()
	b.records++
	lr.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	lr.Body().SetStr(s)

	b.attrs[0].EnsureCapacity(6)
	setFallbackTime(lr, l, observed)
	b.putBool(attr.TimeFallback, true)
	b.put(attr.ParseError, reason)
	b.put(attr.LogRecordUID, b.uid(l, from))
	b.putFile(from)
	b.attrs[0].UnsafeIntoMap(lr.Attributes())
}

func (b *Batch) put(name, value string) { b.attrs[0].AppendEmpty(name).SetStr(value) }

func (b *Batch) putBool(name string, value bool) { b.attrs[0].AppendEmpty(name).SetBool(value) }

func (b *Batch) putFile(from *Origin) {
	if from.FileName != "" {
		b.put(attr.LogFileName, from.FileName)
	}
	if from.FilePath != "" {
		b.put(attr.LogFilePath, from.FilePath)
	}
}
