//go:build unix

package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/faults/proxy"
	"github.com/authevents/otelcol-auth/internal/faults/sink"
)

// side is one collector with files, a state directory, a network and a
// destination of its own.
type side struct {
	o       Options
	name    string
	killed  bool // whether its process meets faults too
	dir     string
	sink    *sink.Sink
	proxy   *proxy.Proxy
	streams []*stream
	done    faultCounts
	began   time.Time // the load

	mu      sync.Mutex
	process *colproc.Process // the last one started
	pprof   string           // of the last one started
	cpu     time.Duration    // of those that have ended
	lives   int

	samples  []sample // the sampler's alone until it has ended
	cut      int      // answers cut, the destination's goroutine's alone until it has ended
	counted  float64  // by the last process, -1 if it did not say
	problems problems
}

// seeded is a source of random numbers of its own for each part of a side, so
// that what one part does does not depend on when another draws.
func (s *side) seeded(part uint64) *rand.Rand {
	if s.killed {
		part += 1000
	}
	return rand.New(rand.NewPCG(s.o.Seed, part))
}

// sources are the files of a side, and whose lines they hold.
var sources = []struct {
	file, sample string
	keys         []key
}{
	{"hera.log", "hera.ndjson", heraKeys},
	{"login_gov.log", "login_gov.ndjson", loginGovKeys},
	{"hera_admin.log", "hera.ndjson", heraKeys},
	{"login_gov_idv.log", "login_gov.ndjson", loginGovKeys},
}

// newSide prepares all but the process. What it has opened on an error, close ends.
func newSide(ctx context.Context, o Options, name string, isKilled bool) (s *side, err error) {
	s = &side{o: o, name: name, killed: isKilled, dir: filepath.Join(o.Dir, name), done: newFaultCounts(), counted: -1}
	if err := os.MkdirAll(s.input(), 0o755); err != nil {
		return s, err
	}
	if s.sink, err = sink.Start(ctx); err != nil {
		return s, err
	}
	if s.proxy, err = proxy.Start(ctx, strings.TrimPrefix(s.sink.URL(), "http://")); err != nil {
		return s, err
	}
	for i, source := range sources {
		templates, err := loadTemplates(filepath.Join(o.Root, "testdata/sample", source.sample), source.keys)
		if err != nil {
			return s, err
		}
		s.streams = append(s.streams, &stream{
			path: filepath.Join(s.input(), source.file), templates: templates, ledger: s.sink.Ledger,
			rng: s.seeded(uint64(100 + i)), index: i, step: len(sources), done: s.done,
			mayDelete: !isKilled, turnover: o.Pace * 6,
		})
	}
	return s, nil
}

func (s *side) input() string { return filepath.Join(s.dir, "in") }

// close ends what newSide has opened, and a process that still runs.
func (s *side) close() error {
	var errs []error
	if s.process != nil {
		s.process.Kill()
	}
	if s.proxy != nil {
		errs = append(errs, s.proxy.Close())
	}
	if s.sink != nil {
		errs = append(errs, s.sink.Close())
	}
	return errors.Join(errs...)
}

// start starts the collector, again if it has run before.
func (s *side) start(ctx context.Context) error {
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	p, err := colproc.Start(ctx, colproc.Options{
		Binary:   filepath.Join(s.o.Root, "_build/otelcol-auth"),
		Config:   filepath.Join(s.o.Root, "configs/lossless.yaml"),
		Overlays: []string{"yaml:" + overlay},
		Dir:      s.dir,
		Env: []string{
			"AUTHEVENTS_INCLUDE=" + filepath.Join(s.input(), "*.log*"),
			"PIISCRUB_KEY=0123456789abcdef0123456789abcdef",
			"STATE_DIR=" + filepath.Join(s.dir, "state"),
			"OTLP_ENDPOINT=" + s.proxy.URL(),
			"SOAK_PPROF_PORT=" + port,
			"SOAK_RETRY_INTERVAL=" + s.o.Retry.String(),
			"SOAK_FLUSH_INTERVAL=" + s.o.Flush.String(),
		},
		Ports: true,
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process, s.pprof = p, "http://127.0.0.1:"+port
	s.lives++
	return nil
}

// running is the last process, and where its profiles are.
func (s *side) running() (p *colproc.Process, pprof string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process, s.pprof
}

// ended adds up the CPU time of a process that has ended.
func (s *side) ended(p *colproc.Process) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cpu += p.CPU()
}

func freePort(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// problems gathers what went wrong; it is safe for several goroutines.
type problems struct {
	mu   sync.Mutex
	list []string
}

func (p *problems) add(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	const most = 20 // the first ones say what is wrong
	if len(p.list) < most {
		p.list = append(p.list, fmt.Sprintf(format, args...))
	}
}
