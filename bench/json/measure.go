package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
	"github.com/authevents/otelcol-auth/bench/internal/records"
)

// deadline is for one process.
const deadline = 5 * time.Minute

// checked is how many lines all ways must agree on.
const checked = 2_000

// compare checks that all ways agree on the lines of a file, measures them and
// prints tables.
func compare(s *source, file string, o options) error {
	lines, err := readLines(file)
	if err != nil {
		return err
	}
	differ, err := check(s, lines[:min(checked, len(lines))])
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d fields\n\n", s.name, len(s.pointers))
	for name, n := range differ {
		if name != rewritesNumbers {
			return fmt.Errorf("%s: %d of %d records differ from ours", name, n, min(checked, len(lines)))
		}
		fmt.Printf("%s: %d of %d records have another number than was written\n\n", name, n, min(checked, len(lines)))
	}
	t, err := newTurns(s)
	if err != nil {
		return err
	}
	if err := t.run(lines, o.rounds); err != nil {
		return err
	}
	fmt.Println(t.table())
	if o.runs == 0 {
		return nil
	}
	table, err := processes(s, file, o.events, o.runs)
	fmt.Println(table)
	return err
}

// processes has each way read the lines in processes of its own, by turns, and
// returns a table of their CPU time, that of the garbage collector included, and
// of what they allocate.
func processes(s *source, file string, events, runs int) (string, error) {
	costs := pairs.Costs{}
	for range runs {
		for _, name := range append(names(), oursName) {
			cost, err := inProcess(name, s, file, events)
			if err != nil {
				return "", err
			}
			costs[name] = append(costs[name], cost)
		}
	}
	return costs.Table("line to record", oursName, names()...), nil
}

// inProcess runs measure in a process of its own.
func inProcess(name string, s *source, file string, events int) (pairs.Cost, error) {
	return pairs.CostOf(deadline, "-child", name, "-source", s.name, "-events", strconv.Itoa(events), file)
}

// measure makes records of the lines, and prints what it took.
func measure(name, of, file string, events int) error {
	s, err := sourceOf(of)
	if err != nil {
		return err
	}
	lines, err := readLines(file)
	if err != nil {
		return err
	}
	m, err := newMaker(name, s)
	if err != nil {
		return err
	}
	if err := batches(m, lines, min(events, 10*records.BatchLines)); err != nil { // what is made once
		return err
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start, err := pairs.CPU()
	if err != nil {
		return err
	}
	if err := batches(m, lines, events); err != nil {
		return err
	}
	end, err := pairs.CPU()
	if err != nil {
		return err
	}
	runtime.ReadMemStats(&after)
	each := func(n uint64) float64 { return float64(n) / float64(events) }
	return json.NewEncoder(os.Stdout).Encode(pairs.Cost{
		Micros: float64(end-start) / float64(time.Microsecond) / float64(events),
		Allocs: each(after.Mallocs - before.Mallocs),
		Bytes:  each(after.TotalAlloc - before.TotalAlloc),
	})
}

// batches makes records of n lines, the file's again and again, in batches as
// the receiver's.
func batches(m maker, lines [][]byte, n int) error {
	for read := 0; read < n; read += records.BatchLines {
		start := read % (len(lines) - records.BatchLines + 1)
		if err := batch(m, lines[start:start+records.BatchLines]); err != nil {
			return fmt.Errorf("lines %d to %d: %w", start+1, start+records.BatchLines, err)
		}
	}
	return nil
}

func batch(m maker, lines [][]byte) error {
	size := 0
	for _, line := range lines {
		size += len(line)
	}
	m.begin(len(lines), size)
	for _, line := range lines {
		if err := m.add(line); err != nil {
			return err
		}
	}
	if made := m.take().LogRecordCount(); made != len(lines) {
		return fmt.Errorf("%d records of %d lines", made, len(lines))
	}
	return nil
}

func readLines(file string) ([][]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	if len(lines) < records.BatchLines {
		return nil, fmt.Errorf("%s: %d lines, and a batch has %d", file, len(lines), records.BatchLines)
	}
	return lines, nil
}
