package main

import (
	"bytes"
	"fmt"

	"go.opentelemetry.io/collector/pdata/plog"
)

// check makes records of lines by each way, and returns how many of each differ
// from ours.
func check(s *source, lines [][]byte) (map[string]int, error) {
	want, err := marshaled(oursName, s, lines)
	if err != nil {
		return nil, err
	}
	differ := map[string]int{}
	for _, w := range ways {
		got, err := marshaled(w.name, s, lines)
		if err != nil {
			return nil, err
		}
		for i := range want {
			if !bytes.Equal(want[i], got[i]) {
				differ[w.name]++
			}
		}
	}
	return differ, nil
}

// marshaled are the records that a way makes of the lines, each as protobuf. They
// are of one batch and looked at behind its last line, so that a text which a
// library has overwritten shows.
func marshaled(name string, s *source, lines [][]byte) ([][]byte, error) {
	m, err := newMaker(name, s)
	if err != nil {
		return nil, err
	}
	m.begin(len(lines), len(bytes.Join(lines, nil)))
	for i, line := range lines {
		if err := m.add(line); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, i+1, err)
		}
	}
	records := m.take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords() // one source makes one group
	if records.Len() != len(lines) {
		return nil, fmt.Errorf("%s: %d records of %d lines", name, records.Len(), len(lines))
	}
	var all [][]byte
	for _, lr := range records.All() {
		one := plog.NewLogs() // without the resource and the scope
		lr.CopyTo(one.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
		data, err := (&plog.ProtoMarshaler{}).MarshalLogs(one)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}
