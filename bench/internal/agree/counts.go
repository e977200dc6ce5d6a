package agree

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// implied are attributes that ours knows by the event's name, always or sometimes,
// and the stock side does not: auth.method is totp on the page that asks for it.
var implied = []string{
	attr.Category, attr.Reason, attr.Action, attr.Step, attr.Limiter, attr.Issue, attr.Method,
}

// compareSeries compares each series of each metric that signal_to_metrics has.
// Series that only implied attributes tell apart are added up, where the stock side
// lacks them; the report says where that was.
func compareSeries(r *report, source string, ours, stock series) error {
	known := map[string]bool{}
	for _, m := range pipelines.CountedBy(source).Known(catalogue.Builtin()) {
		known[m.Name] = true
	}
	r.table("metric", "total", "series of both", "added up over, since stock lacks it")
	var errs, unknown = []error{}, []string{}
	buckets := 0
	for _, metric := range slices.Sorted(maps.Keys(ours)) {
		name, part, _ := strings.Cut(metric, " ")
		if !known[name] {
			unknown = append(unknown, name)
			continue
		}
		less, err := agreeing(ours, stock, metric)
		if err != nil {
			errs = append(errs, err)
		}
		if strings.HasPrefix(part, "(bucket") {
			buckets++
			continue
		}
		values := ours.values(metric, less)
		if len(values) > 0 || len(stock[metric]) > 0 {
			r.row(metric, fmt.Sprintf("%.6g", total(values)), len(values), strings.Join(less, ", "))
		}
	}
	for _, metric := range slices.Sorted(maps.Keys(stock)) {
		if ours[metric] == nil {
			errs = append(errs, fmt.Errorf("stock counts %s, and ours does not", metric))
		}
	}
	r.printf("\n%d buckets of histograms were compared. Ours alone: %s.\n\n", buckets, strings.Join(slices.Compact(unknown), ", "))
	return errors.Join(errs...)
}

// agreeing returns the fewest implied attributes, in their order, without which
// all series of a metric are equal.
func agreeing(ours, stock series, metric string) ([]string, error) {
	var less []string
	for {
		a, b := ours.values(metric, less), stock.values(metric, less)
		if equal(a, b) {
			return less, nil
		}
		next := slices.IndexFunc(implied, func(name string) bool { return !slices.Contains(less, name) && has(ours[metric], name) })
		if next < 0 {
			return less, fmt.Errorf("%s differs: ours has %d series and a total of %g, stock %d and %g", metric, len(a), total(a), len(b), total(b))
		}
		less = append(less, implied[next])
	}
}

func has(points map[string]*point, name string) bool {
	for _, p := range points {
		if _, there := p.attributes[name]; there {
			return true
		}
	}
	return false
}

func equal(a, b map[string]float64) bool {
	return maps.EqualFunc(a, b, func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a)) })
}

func total(values map[string]float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}
