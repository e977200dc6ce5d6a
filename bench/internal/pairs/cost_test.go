package pairs

import "testing"

func TestTable(t *testing.T) {
	none := Cost{Micros: 5, Allocs: 20, Bytes: 3000}
	c := Costs{
		"redaction": {Cost{55, 120, 13000}.Less(none), Cost{65, 120, 13000}.Less(none), Cost{45, 120, 13000}.Less(none)},
		"another":   {Cost{6, 21, 3001}.Less(none), Cost{6, 21, 3001}.Less(none), Cost{6, 21, 3001}.Less(none)},
		"pii_scrub": {Cost{10, 25, 3500}.Less(none), Cost{9, 25, 3500}.Less(none), Cost{13, 25, 3500}.Less(none)},
	}
	const want = `| processor | CPU µs per record: median | least | greatest | allocations | bytes |
|---|---|---|---|---|---|
| redaction | 50.00 | 40.00 | 60.00 | 100.0 | 10000 |
| another | 1.00 | 1.00 | 1.00 | 1.0 | 1 |
| pii_scrub | 5.00 | 4.00 | 8.00 | 5.0 | 500 |

redaction takes 10.0 times the CPU of pii_scrub (5.0 to 15.0 in 3 pairs of runs)
another takes 0.2 times the CPU of pii_scrub (0.1 to 0.2 in 3 pairs of runs)
`
	if got := c.Table("processor", "pii_scrub", "redaction", "another"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
