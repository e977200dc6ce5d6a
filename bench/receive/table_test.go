package main

import (
	"testing"
	"time"
)

func TestTable(t *testing.T) {
	stock, ours := &figures{name: "stock"}, &figures{name: "ours"}
	for _, ms := range []time.Duration{20, 10, 40} {
		stock.add(ms*time.Millisecond, 1000)
	}
	for range 3 {
		ours.add(5*time.Millisecond, 1000)
	}
	const want = `| receiver | CPU µs per event: median | least | greatest |
|---|---|---|---|
| stock | 20.00 | 10.00 | 40.00 |
| ours | 5.00 | 5.00 | 5.00 |

stock takes 4.0 times the CPU of ours (2.0 to 8.0 in 3 pairs of runs)
`
	if got := table(stock, ours); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
