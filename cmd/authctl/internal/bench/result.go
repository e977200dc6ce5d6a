package bench

import "math"

// load is how much of a core the counted cores are used: a backlog is to be caught
// up with, and a node may fail.
const load = 2.0 / 3

// rates are the events a second that cores are counted for.
var rates = []int{10_000, 100_000, 1_000_000}

// Result is what was measured.
type Result struct {
	Machine Machine  `json:"machine"`
	Sample  *Sample  `json:"sample"`
	Seconds float64  `json:"seconds"` // of each receiver
	Routes  []*Route `json:"receivers"`
}

// Machine is what it was measured on.
type Machine struct {
	Go         string `json:"go"`
	OS         string `json:"os"`
	Arch       string `json:"arch"`
	CPUs       int    `json:"cpus"`
	GOMAXPROCS int    `json:"gomaxprocs"` // while it was measured
}

// Route is the way of a receiver's lines: into records, and through each pipeline
// that it feeds.
type Route struct {
	Receiver string `json:"receiver"`
	// Messages says that the receiver is none of ours, such as kafka: what comes at
	// once is not a batch but a message, which may hold a single line.
	Messages bool `json:"messages,omitempty"`
	// Events that were made of lines, and how many of them were no event of a
	// profile's.
	Events  int64    `json:"events"`
	Unknown int64    `json:"unknown"`
	Stages  []*Stage `json:"stages"`
	// Micros is all stages together, in microseconds of CPU time for each event
	// that was made of a line.
	Micros    float64 `json:"us_per_event"`
	PerSecond float64 `json:"events_per_second_and_core"`
	Cores     []Cores `json:"cores"`
	// NotRun are exporters and others, whose cost comes on top.
	NotRun []string `json:"not_run"`
}

// Kinds of stages.
const (
	kindParse     = "parse"
	kindCopy      = "copy" // the records, for a further pipeline
	kindProcessor = "processor"
	kindConnector = "connector"
)

// Stage is a part of the way.
type Stage struct {
	Kind     string `json:"kind"`
	Pipeline string `json:"pipeline,omitempty"` // none of parse
	ID       string `json:"id,omitempty"`       // of a processor or connector
	// Micros is for each event that was made of a line, whether it came as far as
	// this stage or not.
	Micros float64 `json:"us_per_event"`
	// In and Out are the records that came and that left.
	In  int64 `json:"in"`
	Out int64 `json:"out"`
}

// Cores is how many it takes for so many events a second.
type Cores struct {
	EventsPerSecond int     `json:"events_per_second"`
	Cores           float64 `json:"cores"`
}

// sum fills in what follows from the stages.
func (r *Route) sum() {
	r.Micros = 0
	for _, s := range r.Stages {
		r.Micros += s.Micros
	}
	r.Micros = rounded(r.Micros)
	r.PerSecond, r.Cores = 0, nil
	if r.Micros > 0 {
		r.PerSecond = math.Round(1e6 / r.Micros)
	}
	for _, rate := range rates {
		r.Cores = append(r.Cores, Cores{rate, rounded(float64(rate) * r.Micros / 1e6 / load)})
	}
}

// rounded leaves three decimals: nothing here is as exact.
func rounded(x float64) float64 { return math.Round(x*1000) / 1000 }
