package main

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// maker makes records of lines, batch by batch.
type maker interface {
	// begin announces the lines of a batch.
	begin(lines, bytes int)
	add(line []byte) error
	take() plog.Logs
}

// observed is a time like any other.
var observed = time.Date(2026, 8, 21, 8, 0, 0, 0, time.UTC)

// ours is the parser of this project.
type ours struct {
	batch  *authevent.Batch
	origin authevent.Origin
}

// profileName is that of the source's profile; it stands in each record.
const profileName = "bench"

func newOurs(s *source) (*ours, error) {
	parser, err := authevent.NewParser(authevent.Options{Source: profileName, Profiles: map[string]any{profileName: s.profile()}})
	if err != nil {
		return nil, err
	}
	return &ours{batch: parser.NewBatch()}, nil
}

func (o *ours) begin(lines, bytes int) { o.batch.Expect(lines, bytes) }

func (o *ours) add(line []byte) error {
	if r := o.batch.Add(authevent.Line{Text: line}, &o.origin, observed); r.Kind != authevent.Event {
		return fmt.Errorf("the line is no event: %s", r.Reason)
	}
	return nil
}

func (o *ours) take() plog.Logs {
	defer o.batch.Release()
	return o.batch.Take()
}

// theirs makes the same records with what a library reads.
type theirs struct {
	read   reader
	values values
	// slots are those of the attributes, uid those of the record's id.
	slots, uid []int

	texts   []byte // the lines of the batch, which the records point into
	logs    plog.Logs
	records plog.LogRecordSlice
	attrs   xpdata.MapBuilder
	most    int // attributes of a record so far
}

// reader finds the values of a line. It may keep buffers from line to line.
// The line lasts as long as the values.
type reader func(line string, v *values) error

func newTheirs(s *source, read func(root *field) (reader, error)) (*theirs, error) {
	pointers := slices.Concat(s.pointers, s.uid)
	root, slots := newTree(pointers)
	r, err := read(root)
	if err != nil {
		return nil, err
	}
	t := &theirs{read: r, values: values{root: root, texts: make([]string, root.end)}}
	for _, pointer := range s.pointers {
		t.slots = append(t.slots, slots[pointer])
	}
	for _, pointer := range s.uid {
		t.uid = append(t.uid, slots[pointer])
	}
	return t, nil
}

func (t *theirs) begin(lines, bytes int) {
	t.texts = make([]byte, 0, bytes)
	t.values.room = nil
	t.logs = plog.NewLogs()
	t.records = t.logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	t.records.EnsureCapacity(lines)
}

func (t *theirs) take() plog.Logs { return t.logs }

func (t *theirs) add(line []byte) error {
	start := len(t.texts)
	t.texts = append(t.texts, line...)
	text := view(t.texts[start:])
	// Most libraries do not look at the encoding, and ours does before it decodes.
	if !utf8.ValidString(text) {
		return errNotUTF8
	}
	if err := t.find(text); err != nil {
		return err
	}
	t.record(text)
	return nil
}

// find finds the values of a line, and that is all.
func (t *theirs) find(line string) error {
	clear(t.values.texts)
	return t.read(line, &t.values)
}

// record does what authevent.Batch does with an event of such a profile.
func (t *theirs) record(text string) {
	lr := t.records.AppendEmpty()
	lr.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	lr.SetTimestamp(pcommon.NewTimestampFromTime(observed))
	lr.Body().SetStr(text)
	lr.SetEventName(eventName)
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.SetSeverityText("INFO")

	t.attrs.EnsureCapacity(t.most)
	t.attrs.AppendEmpty(attr.TimeFallback).SetBool(true)
	t.put(attr.OTelEventName, eventName)
	t.put(attr.Source, profileName)
	t.put(attr.Category, category)
	for i, slot := range t.slots {
		if s := t.values.texts[slot]; s != "" {
			t.put(attributes[i], s)
		}
	}
	for _, slot := range t.uid {
		if s := t.values.texts[slot]; s != "" {
			t.put(attr.LogRecordUID, s)
			break
		}
	}
	t.attrs.UnsafeIntoMap(lr.Attributes())
	t.most = max(t.most, lr.Attributes().Len())
}

func (t *theirs) put(name, value string) { t.attrs.AppendEmpty(name).SetStr(value) }
