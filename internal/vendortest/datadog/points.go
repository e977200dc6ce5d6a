package datadog

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// What Datadog takes of points: https://docs.datadoghq.com/api/latest/metrics/#submit-metrics.
const (
	maxPointAge  = time.Hour
	maxPointLead = 10 * time.Minute
)

// point is one value of a count.
type point struct {
	metric string
	host   string
	tags   []string
	at     int64 // seconds
	value  float64
}

// pointKey is what a point replaces another by: of two with the same metric,
// tags and second, Datadog keeps the one that came last.
type pointKey struct {
	series, host string
	at           int64
}

// addPoints keeps points, or says why they are refused.
func (s *Server) addPoints(points []point) (reason string) {
	now := time.Now()
	for _, p := range points {
		at := time.Unix(p.at, 0)
		if now.Sub(at) > maxPointAge || at.Sub(now) > maxPointLead {
			return "a point of " + p.metric + " beside the last hour"
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range points {
		s.points[pointKey{Series(p.metric, p.tags), p.host, p.at}] = p.value
		if p.value == 0 {
			s.zeros++
		}
	}
	return ""
}

// Zeros is how many points of 0 came: each may replace a count of its second.
func (s *Server) Zeros() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.zeros
}

// Counts adds up all counts by series, which are named like
// auth.events{auth.source:hera}, with tags as Datadog writes them.
func (s *Server) Counts() map[string]float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]float64{}
	for k, v := range s.points {
		out[k.series] += v
	}
	return out
}

// Hosts are those of all points.
func (s *Server) Hosts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var hosts []string
	for k := range s.points {
		if !slices.Contains(hosts, k.host) {
			hosts = append(hosts, k.host)
		}
	}
	return hosts
}

// Series is the name of a series: metric{tag,tag}, tags normalized and sorted.
func Series(metric string, tags []string) string {
	normalized := make([]string, 0, len(tags))
	for _, tag := range tags {
		normalized = append(normalized, NormalizeTag(tag))
	}
	slices.Sort(normalized)
	return metric + "{" + strings.Join(normalized, ",") + "}"
}

// maxTag is the length of a tag, in characters.
const maxTag = 200

// NormalizeTag writes a tag as Datadog does: lower case, one underscore for what
// is no letter, digit or one of -:./, none at the end, and at most 200
// characters: https://docs.datadoghq.com/getting_started/tagging/#define-tags.
func NormalizeTag(tag string) string {
	var out []rune
	for _, r := range strings.ToLower(tag) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune("-:./", r):
			out = append(out, r)
		case len(out) > 0 && out[len(out)-1] != '_':
			out = append(out, '_')
		}
	}
	if len(out) > maxTag {
		out = out[:maxTag]
	}
	return strings.TrimRight(string(out), "_")
}
