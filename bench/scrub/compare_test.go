package main

import "testing"

func TestTable(t *testing.T) {
	none := cost{Micros: 5, Allocs: 20, Bytes: 3000}
	r := results{
		stockName: {cost{55, 120, 13000}.less(none), cost{65, 120, 13000}.less(none), cost{45, 120, 13000}.less(none)},
		oursName:  {cost{10, 25, 3500}.less(none), cost{9, 25, 3500}.less(none), cost{13, 25, 3500}.less(none)},
	}
	const want = `| processor | CPU µs per record: median | least | greatest | allocations | bytes |
|---|---|---|---|---|---|
| redaction | 50.00 | 40.00 | 60.00 | 100.0 | 10000 |
| pii_scrub | 5.00 | 4.00 | 8.00 | 5.0 | 500 |

redaction takes 10.0 times the CPU of pii_scrub (5.0 to 15.0 in 3 pairs of runs)
`
	if got := r.table(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
