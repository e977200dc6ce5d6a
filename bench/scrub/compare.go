package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// deadline ends a process that hangs.
const deadline = 10 * time.Minute

// compare runs the processors by turns, and prints a table. What a processor
// costs is what its process takes more than one that makes the same records and
// does nothing with them.
func compare(body authevent.Body, file string, lines, runs int) error {
	all := pairs.Costs{}
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
			all[name] = append(all[name], with.Less(without))
		}
	}
	fmt.Println(all.Table("processor", oursName, stockName))
	return nil
}

// inProcess runs measure in a process of its own.
func inProcess(name string, body authevent.Body, file string, lines int) (pairs.Cost, error) {
	return pairs.CostOf(deadline, "-child", name, "-body", string(body), "-lines", strconv.Itoa(lines), file)
}
