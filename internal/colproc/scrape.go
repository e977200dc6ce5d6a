//go:build unix

package colproc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Sample is one series of a Prometheus exposition. A histogram is two, named
// <name>_count and <name>_sum.
type Sample struct {
	Name   string
	Labels map[string]string
	Value  float64
}

// scrape reads a Prometheus endpoint.
func scrape(ctx context.Context, url string) ([]Sample, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", url, resp.Status)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", url, err)
	}
	var samples []Sample
	for name, family := range families {
		for _, m := range family.Metric {
			samples = append(samples, samplesOf(name, m)...)
		}
	}
	return samples, nil
}

func samplesOf(name string, m *dto.Metric) []Sample {
	labels := make(map[string]string, len(m.Label))
	for _, l := range m.Label {
		labels[l.GetName()] = l.GetValue()
	}
	switch {
	case m.Counter != nil:
		return []Sample{{name, labels, m.Counter.GetValue()}}
	case m.Gauge != nil:
		return []Sample{{name, labels, m.Gauge.GetValue()}}
	case m.Histogram != nil:
		return []Sample{
			{name + "_count", labels, float64(m.Histogram.GetSampleCount())},
			{name + "_sum", labels, m.Histogram.GetSampleSum()},
		}
	}
	return nil
}

// Sum adds up the samples of a name whose labels have the given values, in
// turn name and value.
func Sum(samples []Sample, name string, labels ...string) float64 {
	total := 0.0
	for _, s := range samples {
		if s.Name == name && s.has(labels) {
			total += s.Value
		}
	}
	return total
}

func (s *Sample) has(labels []string) bool {
	for i := 0; i+1 < len(labels); i += 2 {
		if s.Labels[labels[i]] != labels[i+1] {
			return false
		}
	}
	return true
}

// By adds up the samples of a name by the value of one label.
func By(samples []Sample, name, label string) map[string]float64 {
	sums := map[string]float64{}
	for _, s := range samples {
		if s.Name == name {
			sums[s.Labels[label]] += s.Value
		}
	}
	return sums
}

// Await polls an endpoint until ok holds of what it serves, and returns that.
func Await(ctx context.Context, url string, timeout time.Duration, ok func([]Sample) bool) ([]Sample, error) {
	deadline := time.Now().Add(timeout)
	for {
		samples, err := scrape(ctx, url)
		if err == nil && ok(samples) {
			return samples, nil
		}
		if time.Now().After(deadline) {
			var seen []string
			for _, s := range samples {
				seen = append(seen, s.Name)
			}
			return samples, errors.Join(err, fmt.Errorf("%s: what was waited for did not come within %s (%d samples: %.300s)",
				url, timeout, len(samples), strings.Join(seen, " ")))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
