package pairs

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Cost is what one process took, for each record.
type Cost struct {
	Micros float64 // of CPU time
	Allocs float64
	Bytes  float64 // allocated
}

// Less is the cost without that of another.
func (c Cost) Less(other Cost) Cost {
	return Cost{c.Micros - other.Micros, c.Allocs - other.Allocs, c.Bytes - other.Bytes}
}

// CostOf runs this program with other arguments, and decodes the Cost that it
// prints.
func CostOf(deadline time.Duration, args ...string) (Cost, error) {
	out, err := Child(deadline, args...)
	if err != nil {
		return Cost{}, err
	}
	var c Cost
	err = json.Unmarshal(out, &c)
	return c, err
}

// Costs are the costs of components by name, run by run.
type Costs map[string][]Cost

// Table shows the stock components and ours, and how many times the CPU time of
// ours each stock one takes. kind is the head of the column of names.
func (c Costs) Table(kind, ours string, stock ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | CPU µs per record: median | least | greatest | allocations | bytes |\n|---|---|---|---|---|---|\n", kind)
	for _, name := range append(stock[:len(stock):len(stock)], ours) {
		low, median, high := Spread(each(c[name], micros))
		_, allocs, _ := Spread(each(c[name], func(c Cost) float64 { return c.Allocs }))
		_, bytes, _ := Spread(each(c[name], func(c Cost) float64 { return c.Bytes }))
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.2f | %.1f | %.0f |\n", name, median, low, high, allocs, bytes)
	}
	b.WriteByte('\n')
	for _, name := range stock {
		ratios := Ratios(each(c[name], micros), each(c[ours], micros))
		low, median, high := Spread(ratios)
		fmt.Fprintf(&b, "%s takes %.1f times the CPU of %s (%.1f to %.1f in %d pairs of runs)\n",
			name, median, ours, low, high, len(ratios))
	}
	return b.String()
}

func micros(c Cost) float64 { return c.Micros }

func each(costs []Cost, of func(Cost) float64) []float64 {
	values := make([]float64, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	return values
}
