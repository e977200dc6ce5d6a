package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// span is where a time stands in the input: between its quotes.
type span struct {
	start, end int
	at         time.Time
}

// shift copies NDJSON from in to out, and moves the times of all events by one
// span of time, so that the newest becomes end. Every other byte stays as it
// is, also that of lines which are no JSON. It holds the whole input in
// memory: the newest time is known only then.
func shift(in io.Reader, out io.Writer, end time.Time) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	var times []span
	for start := 0; start < len(text); {
		next := len(text)
		if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
			next = start + i + 1
		}
		times = appendTimes(times, text[start:next], start)
		start = next
	}
	if len(times) == 0 {
		if len(text) == 0 {
			return errors.New("-shift reads lines from standard input, and there were none")
		}
		_, err = out.Write(text)
		return err
	}
	newest := times[0].at
	for _, t := range times {
		if t.at.After(newest) {
			newest = t.at
		}
	}
	// To the millisecond, which is as fine as the sources write.
	by := end.Sub(newest).Truncate(time.Millisecond)
	w := bufio.NewWriterSize(out, 1<<16)
	done := 0
	for _, t := range times {
		_, _ = w.Write(text[done:t.start]) // Flush returns the first error
		_, _ = w.Write(t.at.Add(by).AppendFormat(nil, layout(text[t.start:t.end])))
		done = t.end
	}
	_, _ = w.Write(text[done:])
	return w.Flush()
}

// layout returns the layout in which the RFC 3339 time was written: with as
// many digits of its second.
func layout(written []byte) string {
	const seconds, zone = "2006-01-02T15:04:05", "Z07:00"
	digits := 0
	for _, c := range written[len(seconds):] {
		if c != '.' && (c < '0' || c > '9') {
			break
		}
		digits++
	}
	if digits == 0 {
		return seconds + zone
	}
	return seconds + "." + "000000000"[:digits-1] + zone
}

// timeKeys are the members of an event's object that hold its time: Login.gov's
// first, then Hera's.
var timeKeys = []string{"time", "ts", "timestamp"}

// appendTimes appends where the times of one line stand. The line begins at
// base in the input.
func appendTimes(times []span, line []byte, base int) []span {
	if !json.Valid(line) {
		return times
	}
	depth := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(line, i)
			if depth == 1 && isTimeKey(line[i+1:end-1]) {
				if t, ok := timeAfter(line, end); ok {
					times = append(times, span{base + t.start, base + t.end, t.at})
					end = t.end + 1
				}
			}
			i = end - 1
		}
	}
	return times
}

func isTimeKey(name []byte) bool {
	for _, key := range timeKeys {
		if string(name) == key {
			return true
		}
	}
	return false
}

// timeAfter reads the time that stands behind a member's name.
func timeAfter(line []byte, i int) (span, bool) {
	i = skipSpace(line, i)
	if i >= len(line) || line[i] != ':' { // a value, and no name
		return span{}, false
	}
	i = skipSpace(line, i+1)
	if line[i] != '"' {
		return span{}, false
	}
	end := stringEnd(line, i) - 1
	at, err := time.Parse(time.RFC3339, string(line[i+1:end]))
	return span{i + 1, end, at}, err == nil
}

func skipSpace(line []byte, i int) int {
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	return i
}

// stringEnd returns the index behind the string literal that begins at
// line[i]. The line is valid.
func stringEnd(line []byte, i int) int {
	for i++; line[i] != '"'; i++ {
		if line[i] == '\\' {
			i++
		}
	}
	return i + 1
}
