package agree

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

// line is one of the input.
type line struct {
	text   []byte
	time   int64             // in nanoseconds, by which records are found again
	values map[string]string // what identifies somebody, and the kind of it
}

type input struct{ lines []line }

// Kinds of values that identify somebody.
const (
	kindID      = "user, visitor and session ids"
	kindIPv4    = "IPv4 addresses"
	kindIPv6    = "IPv6 addresses"
	kindEmail   = "e-mail addresses"
	kindPlanted = "planted in free text: "
)

// readInput reads the first n lines of the file, and plants values in each if asked to.
func readInput(file string, n int, plants bool) (input, error) {
	f, err := os.Open(file)
	if err != nil {
		return input{}, err
	}
	defer func() { _ = f.Close() }() // it was only read
	scanner := bufio.NewScanner(f)
	scanner.Buffer(make([]byte, 64<<10), 1<<20)
	var in input
	for len(in.lines) < n && scanner.Scan() {
		l, err := readLine(scanner.Bytes(), len(in.lines)+1, plants)
		if err != nil {
			return input{}, fmt.Errorf("%s: line %d: %w", file, len(in.lines)+1, err)
		}
		in.lines = append(in.lines, l)
	}
	if err := scanner.Err(); err != nil {
		return input{}, err
	}
	if len(in.lines) < n {
		return input{}, fmt.Errorf("%s: %w after %d lines: %d are needed", file, io.ErrUnexpectedEOF, len(in.lines), n)
	}
	return in, nil
}

func (in input) text() []byte {
	var all []byte
	for _, l := range in.lines {
		all = append(append(all, l.text...), '\n')
	}
	return all
}

// members of a line that tell when it was, and who.
type members struct {
	Time      string `json:"time"`
	TS        string `json:"ts"`
	Timestamp string `json:"timestamp"`

	Identity   string `json:"identity_id"`
	Admin      string `json:"admin_id"`
	Email      string `json:"email"`
	AdminEmail string `json:"admin_email"`
	SourceIP   string `json:"source_ip"`
	Metadata   struct {
		IP string `json:"ip"`
	} `json:"metadata"`
	Visit      string `json:"visit_id"`
	Visitor    string `json:"visitor_id"`
	Properties struct {
		User string `json:"user_id"`
		IP   string `json:"user_ip"`
	} `json:"properties"`
}

func readLine(text []byte, number int, plants bool) (line, error) {
	var m members
	if err := json.Unmarshal(text, &m); err != nil {
		return line{}, fmt.Errorf("no JSON: %w", err)
	}
	at, err := time.Parse(time.RFC3339, m.Time+m.TS+m.Timestamp) // one of them is there
	if err != nil {
		return line{}, fmt.Errorf("one of time, ts and timestamp must be a time: %w", err)
	}
	l := line{text: slices.Clone(text), time: at.UnixNano(), values: map[string]string{}}
	for _, id := range []string{m.Identity, m.Admin, m.Visit, m.Visitor, m.Properties.User} {
		if id != "" && id != "anonymous-uuid" { // which stands for nobody
			l.values[id] = kindID
		}
	}
	for _, email := range []string{m.Email, m.AdminEmail} {
		if email != "" {
			l.values[email] = kindEmail
		}
	}
	for _, ip := range []string{m.SourceIP, m.Metadata.IP, m.Properties.IP} {
		if ip != "" {
			l.values[ip] = kindOfAddress(ip)
		}
	}
	if plants {
		l.plant(number)
	}
	return l, nil
}

func kindOfAddress(ip string) string {
	if a, err := netip.ParseAddr(ip); err == nil && a.Is6() {
		return kindIPv6
	}
	return kindIPv4
}

// plant puts an e-mail address and IP addresses in the midst of a text. Of the two
// ways to write one of version 6, the stock side's pattern has the long one.
func (l *line) plant(n int) {
	planted := []struct{ value, kind string }{
		{fmt.Sprintf("planted.%d@example.com", n), kindEmail},
		{fmt.Sprintf("203.0.113.%d", 1+n%254), kindIPv4},
		{fmt.Sprintf("2001:db8:0:0:0:0:1:%x", n), kindIPv6 + ", in full"},
		{fmt.Sprintf("2001:db8::2:%x", n), kindIPv6 + ", shortened"},
	}
	var note strings.Builder
	note.WriteString(`{"note":"asked by`)
	for _, p := range planted {
		note.WriteString(" " + p.value)
		l.values[p.value] = kindPlanted + p.kind
	}
	note.WriteString(` at once",`)
	l.text = append([]byte(note.String()), strings.TrimPrefix(string(l.text), "{")...)
}
