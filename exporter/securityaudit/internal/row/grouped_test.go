//go:build unix

package row

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// grouped counts the events that match by a key of texts, and each in columns
// of its own where a condition holds; without conditions it counts them all.
func grouped(events []event, match func(event) bool, key func(event) []string, conditions ...func(event) bool) [][]string {
	const separator = "\x00"
	counts := map[string][]int{}
	for _, e := range events {
		if !match(e) {
			continue
		}
		k := strings.Join(key(e), separator)
		if counts[k] == nil {
			counts[k] = make([]int, max(1, len(conditions)))
		}
		if len(conditions) == 0 {
			counts[k][0]++
		}
		for i, condition := range conditions {
			if condition(e) {
				counts[k][i]++
			}
		}
	}
	var rows [][]string
	for k, numbers := range counts {
		row := strings.Split(k, separator)
		for _, n := range numbers {
			row = append(row, fmt.Sprint(n))
		}
		rows = append(rows, row)
	}
	return rows
}

func recent(e event) bool {
	at, _ := time.Parse(time.RFC3339, now)
	return !e.time.Before(at.Add(-24 * time.Hour))
}

func is(name, value string) func(event) bool {
	return func(e event) bool { return e.attrs[name] == value }
}

func called(names ...string) func(event) bool {
	return func(e event) bool { return slices.Contains(names, e.name) }
}

func all(conditions ...func(event) bool) func(event) bool {
	return func(e event) bool {
		for _, condition := range conditions {
			if !condition(e) {
				return false
			}
		}
		return true
	}
}

func always(event) bool { return true }

func has(name string) func(event) bool {
	return func(e event) bool { return e.attrs[name] != "" }
}

func by(names ...string) func(event) []string {
	return func(e event) []string {
		key := make([]string, len(names))
		for i, name := range names {
			key[i] = e.attrs[name]
		}
		return key
	}
}

// stamp is a time as Postgres writes it.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05.999999+00") }

// latest puts behind each row the time of the last of its events, and the first
// before it if so asked.
func latest(rows [][]string, events []event, match func(event) bool, key func(event) []string, first bool) [][]string {
	for i, row := range rows {
		var from, until time.Time
		for _, e := range events {
			k := key(e)
			if !match(e) || !slices.Equal(k, row[:len(k)]) {
				continue
			}
			if from.IsZero() || e.time.Before(from) {
				from = e.time
			}
			if e.time.After(until) {
				until = e.time
			}
		}
		if first {
			row = append(row, stamp(from))
		}
		rows[i] = append(row, stamp(until))
	}
	return rows
}
