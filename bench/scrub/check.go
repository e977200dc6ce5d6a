package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// checked is how many lines are looked at before anything is timed.
const checked = 2000

// check prints how many of the values that identify somebody each processor
// leaves in the records. Ours has to leave none, and the records have to have
// held them.
func check(body authevent.Body, file string) error {
	fmt.Printf("| processor | values that identify somebody, in %d records |\n|---|---|\n", checked)
	for _, name := range []string{noneName, stockName, oursName} {
		planted, left, err := leftBy(name, body, file, checked)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %d of %d left |\n", name, left, planted)
		if name == oursName && left > 0 {
			return fmt.Errorf("%s leaves %d values", name, left)
		}
		if name == noneName && left != planted {
			return fmt.Errorf("the records held only %d of %d values before", left, planted)
		}
	}
	fmt.Println()
	return nil
}

// leftBy counts the values that were planted, and those that can still be found
// in what the processor makes of their batch.
func leftBy(name string, body authevent.Body, file string, lines int) (planted, left int, err error) {
	var out sink
	p, err := newProcessor(name, &out)
	if err != nil {
		return 0, 0, err
	}
	var m plog.JSONMarshaler
	i := 0
	source := sourceOf(file, body)
	source.Change = func(line []byte) []byte { i++; return plant(line, i) }
	err = source.Each(lines, func(texts [][]byte, ld plog.Logs) error {
		if err := p.ConsumeLogs(context.Background(), ld); err != nil {
			return err
		}
		otlp, err := m.MarshalLogs(out.last)
		if err != nil {
			return err
		}
		stands := map[string]bool{} // whether it does; many lines have the same values
		for _, text := range texts {
			values, err := identifying(text)
			if err != nil {
				return err
			}
			planted += len(values)
			for _, value := range values {
				found, sought := stands[value]
				if !sought {
					found = strings.Contains(string(otlp), value)
					stands[value] = found
				}
				if found {
					left++
				}
			}
		}
		return nil
	})
	return planted, left, err
}

// plant puts an e-mail address and two IP addresses into a field that nobody
// lists, since Login.gov's lines have them in known ones alone.
func plant(line []byte, i int) []byte {
	note := fmt.Sprintf(`{"note":"asked by planted.%d@example.com at 203.0.113.%d (2001:db8:0:0:0:0:1:%x)",`, i, 1+i%254, i)
	return append([]byte(note), line[1:]...)
}

// identifying returns the values of a line that identify somebody.
func identifying(line []byte) ([]string, error) {
	var l struct {
		Note       string `json:"note"`
		Visit      string `json:"visit_id"`
		Visitor    string `json:"visitor_id"`
		Properties struct {
			User    string `json:"user_id"`
			Address string `json:"user_ip"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(line, &l); err != nil {
		return nil, err
	}
	values := []string{l.Visit, l.Visitor, l.Properties.User, l.Properties.Address}
	for _, word := range strings.Fields(strings.NewReplacer("(", "", ")", "").Replace(l.Note)) {
		if strings.ContainsAny(word, "@.:") {
			values = append(values, word)
		}
	}
	some := values[:0]
	for _, value := range values {
		if value != "" && value != "anonymous-uuid" { // which stands for nobody
			some = append(some, value)
		}
	}
	return some, nil
}
