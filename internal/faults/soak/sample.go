//go:build unix

package soak

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// sample is what a process holds at one time.
type sample struct {
	at time.Duration // since the load began
	// anonymous is the resident memory that no file backs; live is the heap
	// right after a garbage collection. In bytes.
	anonymous, live         float64
	goroutines, descriptors float64
}

// take measures a process. pprof is the address of its profiles. It has the
// process collect its garbage, so that heaps are compared at like times. Linux only.
func take(ctx context.Context, pid int, pprof string) (s sample, err error) {
	if s.anonymous, err = anonymous(pid); err != nil {
		return s, err
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return s, err
	}
	s.descriptors = float64(len(open))
	if s.goroutines, err = number(ctx, pprof+"/debug/pprof/goroutine?debug=1", "goroutine profile: total "); err != nil {
		return s, err
	}
	s.live, err = number(ctx, pprof+"/debug/pprof/heap?gc=1&debug=1", "# HeapAlloc = ")
	return s, err
}

func anonymous(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for text := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(text, "RssAnon:"); ok {
			kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return kib * 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status does not say RssAnon", pid)
}

// number reads the number behind a text at the beginning of a line of a profile.
func number(ctx context.Context, url, before string) (n float64, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	req.Close = true // a connection that stays open would be two of the descriptors
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), before); ok {
			n, err = strconv.ParseFloat(strings.TrimSpace(value), 64)
			_, _ = io.Copy(io.Discard, resp.Body)
			return n, err
		}
	}
	return 0, fmt.Errorf("%s does not say %q: is it the pprof extension?", url, before)
}
