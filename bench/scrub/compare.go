package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// deadline ends a process that hangs.
const deadline = 10 * time.Minute

// results are the costs of the processors alone, run by run.
type results map[string][]cost

// compare runs the processors by turns, and prints a table. What a processor
// costs is what its process takes more than one that makes the same records and
// does nothing with them.
func compare(body authevent.Body, file string, lines, runs int) error {
	all := results{}
	for range runs {
		without, err := inProcess(noneName, body, file, lines)
		if err != nil {
			return err
		}
		for _, name := range []string{stockName, oursName} {
			with, err := inProcess(name, body, file, lines)
			if err != nil {
				return err
			}
			all[name] = append(all[name], with.less(without))
		}
	}
	fmt.Println(all.table())
	return nil
}

// inProcess runs measure in a process of its own.
func inProcess(name string, body authevent.Body, file string, lines int) (cost, error) {
	out, err := pairs.Child(deadline, "-child", name, "-body", string(body), "-lines", strconv.Itoa(lines), file)
	if err != nil {
		return cost{}, err
	}
	var c cost
	err = json.Unmarshal(out, &c)
	return c, err
}

// table shows both, and how many times the CPU time of ours the stock one takes.
func (r results) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| processor | CPU µs per record: median | least | greatest | allocations | bytes |\n|---|---|---|---|---|---|\n")
	for _, name := range []string{stockName, oursName} {
		low, median, high := pairs.Spread(each(r[name], func(c cost) float64 { return c.Micros }))
		_, allocs, _ := pairs.Spread(each(r[name], func(c cost) float64 { return c.Allocs }))
		_, bytes, _ := pairs.Spread(each(r[name], func(c cost) float64 { return c.Bytes }))
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.2f | %.1f | %.0f |\n", name, median, low, high, allocs, bytes)
	}
	micros := func(c cost) float64 { return c.Micros }
	ratios := pairs.Ratios(each(r[stockName], micros), each(r[oursName], micros))
	low, median, high := pairs.Spread(ratios)
	fmt.Fprintf(&b, "\n%s takes %.1f times the CPU of %s (%.1f to %.1f in %d pairs of runs)\n",
		stockName, median, oursName, low, high, len(ratios))
	return b.String()
}

func each(costs []cost, of func(cost) float64) []float64 {
	values := make([]float64, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	return values
}
