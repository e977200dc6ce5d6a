package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
)

// deadline ends a process that hangs.
const deadline = 10 * time.Minute

// compare runs the connectors by turns, each in a process of its own, and
// prints a table.
func compare(in input, lines, runs int) error {
	all := pairs.Costs{}
	for range runs {
		for _, name := range []string{stockName, countName, oursName} {
			cost, err := pairs.CostOf(deadline, "-child", name, "-lines", strconv.Itoa(lines), in.hera, in.loginGov)
			if err != nil {
				return err
			}
			all[name] = append(all[name], cost)
		}
	}
	fmt.Println(all.Table("connector", oursName, stockName, countName))
	return nil
}
