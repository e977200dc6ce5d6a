//go:build unix

package kafka

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

// canaries are personal data in the lines. None may leave the collector.
var canaries = []string{
	"alice.canary@example.com", "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", "203.0.113.77", "5b1f0c4e-7e63-4a0c-9d44-5f3f3d1f9a11",
}

// expected is what must arrive, by uid.
type expected map[string]record

// line is a line of a message, and what becomes of it.
type line struct {
	text string
	uid  string // of the IdP; "" for none
	want record
}

// hera has no id of its own; the client's id is the sequence number.
func hera(sequence int) line {
	client := fmt.Sprintf("client-%06d", sequence)
	return line{
		text: fmt.Sprintf(`{"type":"audit","event":"m2m_client.created","client_id":%q,"admin_id":"5b1f0c4e-7e63-4a0c-9d44-5f3f3d1f9a11","admin_email":"alice.canary@example.com","timestamp":"2026-04-02T12:00:00.000Z"}`, client),
		want: record{sequence: client},
	}
}

func loginGov(sequence int) line {
	client, uid := fmt.Sprintf("client-%06d", sequence), fmt.Sprintf("a3c0f7de-0a54-4c1e-9a0c-%012d", sequence)
	return line{
		text: fmt.Sprintf(`{"name":"Email and Password Authentication","properties":{"event_properties":{"success":true},"service_provider":%q,"user_id":"4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11","user_ip":"203.0.113.77"},"time":"2026-08-21T20:38:54.123Z","id":%q,"visitor_id":"v","visit_id":"s"}`, client, uid),
		uid:  uid,
		want: record{sequence: client},
	}
}

func broken() line {
	return line{text: `{"event":"alice.canary@example.com`, want: record{parseError: "invalid_json"}}
}

func plain() line {
	return line{text: "alice.canary@example.com from 203.0.113.77", want: record{parseError: "not_json"}}
}

// message is the value of a message, and the lines at their offsets in it.
type message struct {
	value []byte
	lines map[int]line
}

// join puts lines between before, between and after.
func join(before, between, after string, lines ...line) message {
	m := message{lines: map[int]line{}}
	var b strings.Builder
	b.WriteString(before)
	for i, l := range lines {
		if i > 0 {
			b.WriteString(between)
		}
		m.lines[b.Len()] = l
		b.WriteString(l.text)
	}
	b.WriteString(after)
	m.value = []byte(b.String())
	return m
}

func ndjson(lines ...line) message { return join("", "\n", "\n", lines...) }

func array(lines ...line) message { return join("[", ",\n ", "]", lines...) }

// cutArray is an array of which the end is missing: one record, whose place in
// the message is behind the byte-order mark that the encoding gives it.
func cutArray(lines ...line) message {
	m := array(lines...)
	m.value = m.value[:len(m.value)-10]
	m.lines = map[int]line{len("\xef\xbb\xbf"): {want: record{parseError: "not_json"}}}
	return m
}

// empty is a tombstone.
func empty() message { return message{} }

// mixed returns messages of every shape with n sequence numbers, from from on,
// two equal messages among each dozen or so.
func mixed(from, n int) []message {
	var messages []message
	for i := from; i < from+n; i += 10 {
		messages = append(messages,
			ndjson(hera(i)),
			ndjson(hera(i)), // two sign-ins in one millisecond
			ndjson(loginGov(i+1)),
			join("", "", "", hera(i+2)),
			ndjson(hera(i+3), broken(), loginGov(i+4), plain(), hera(i+3)),
			array(hera(i+5), loginGov(i+6), hera(i+7)),
			cutArray(hera(i+8), hera(i+9)),
			ndjson(hera(i+8), hera(i+9)),
			empty(),
		)
	}
	return messages
}

// add adds what must arrive of a message that stands where r does.
func (e expected) add(m message, r *kgo.Record) {
	for offset, l := range m.lines {
		uid := l.uid
		if uid == "" {
			uid = fmt.Sprintf("%s/%d/%d/%016x", r.Topic, r.Partition, r.Offset, offset)
		}
		e[uid] = l.want
	}
}
