package eventmetrics

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

const batchSize = 100

// The attributes are those that the parser sets on such lines, in its order of
// magnitude; most of them count nowhere, and reading past them is the work.
func heraBatch() plog.Logs {
	random := seeded()
	names := []string{
		"pkce_authorize", "auth.pkce.completed", "pkce_token_exchange", "social_login_completed",
		"mfa_challenge_displayed", "mfa_challenge_succeeded", "captcha_failed", "breach_check_passed",
	}
	events := make([]event, batchSize)
	for i := range events {
		name := names[random.IntN(len(names))]
		events[i] = event{hera, name, map[string]any{
			attr.OTelEventName: name, attr.Category: "pkce", attr.Outcome: "success", attr.Domain: "ciam",
			attr.ClientID: fmt.Sprint("client-", random.IntN(20)), attr.PKCEUsed: true, attr.PKCEMethod: "S256",
			attr.Duration: random.Float64() * 10, attr.UserID: "5b1f0c4e-7e63-4a0c-9d44-5f3f3d1f9a11",
			attr.LogFileName: "hera.log", attr.LogFilePath: "/var/log/hera.log",
		}}
	}
	ld := plog.NewLogs()
	appendEvents(ld, "production", events...)
	return ld
}

func loginGovBatch() plog.Logs {
	random := seeded()
	names := []string{
		"Email and Password Authentication", "Multi-Factor Authentication", "OpenID Connect: token",
		"OpenID Connect: authorization request", "Multi-Factor Authentication: enter OTP visited", "SP redirect initiated",
		"IdV: doc auth welcome visited", "User Registration: Email Submitted",
	}
	events := make([]event, batchSize)
	for i := range events {
		name := names[random.IntN(len(names))]
		events[i] = event{loginGov, name, map[string]any{
			attr.OTelEventName: name, attr.Category: "mfa", attr.Outcome: "failure", attr.ErrorType: "code.wrong_length",
			attr.Method: "sms", attr.Context: "authentication", attr.PKCEUsed: true,
			attr.ClientID: fmt.Sprint("urn:gov:gsa:openidconnect:sp:", random.IntN(20)),
			attr.UserID:   "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", attr.ClientAddress: "203.0.113.10",
			attr.SessionID: "5d2b1c9e-6f7a-4f36-8e2b-9c8d7e6f5a43", attr.VisitorID: "7b8f4a52-9d5b-4a44-8a33-3b1a0f6e2c77",
			attr.UserAgentOriginal: "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0", attr.UserAgentName: "Chrome",
			attr.UserAgentVersion: "126.0", attr.UserAgentOSName: "Linux", attr.BrowserMobile: false,
			attr.URLPath: "/login/two_factor/sms", attr.ServerAddress: "secure.login.gov", attr.ProcessPID: 20003,
			attr.VCSRefHeadRevision: "e4407766", attr.LogFileName: "events.log", attr.LogFilePath: "/var/log/events.log",
		}}
	}
	ld := plog.NewLogs()
	appendEvents(ld, "production", events...)
	return ld
}

// BenchmarkCount counts batches of records without uids, and with uids that
// are all new, as in operation. "ns/record" is the time of counting alone: the
// median over batches, which a neighbour on the same cores disturbs least.
func BenchmarkCount(b *testing.B) {
	for _, bb := range []struct {
		name string
		ld   plog.Logs
	}{{"hera", heraBatch()}, {"login_gov", loginGovBatch()}} {
		for _, uids := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/uids=%t", bb.name, uids), func(b *testing.B) {
				e := newTestEngine(b, 0)
				records := bb.ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
				next := 0
				var times []time.Duration
				b.ReportAllocs()
				b.SetBytes(batchSize) // so that "MB/s" are millions of records
				for b.Loop() {
					for _, lr := range records.All() {
						if next++; uids {
							lr.Attributes().PutStr(attr.LogRecordUID, "a3c0f7de-0a54-4c1e-9a0c-"+strconv.Itoa(1e11+next))
						}
					}
					begin := time.Now()
					count(e, bb.ld)
					if len(times) < 1<<16 {
						times = append(times, time.Since(begin))
					}
				}
				slices.Sort(times)
				b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/batchSize, "ns/record")
			})
		}
	}
}

// BenchmarkSeen remembers uids that are all new.
func BenchmarkSeen(b *testing.B) {
	var s seen
	random := seeded()
	b.ReportAllocs()
	for b.Loop() {
		s.add(random.Uint64())
	}
}

// BenchmarkSeenMap is the plain way to the same, to compare with.
func BenchmarkSeenMap(b *testing.B) {
	hashes := map[uint64]struct{}{}
	ring := make([]uint64, maxSeen)
	random, next := seeded(), 0
	b.ReportAllocs()
	for b.Loop() {
		uid := random.Uint64()
		if _, known := hashes[uid]; known {
			continue
		}
		delete(hashes, ring[next])
		hashes[uid], ring[next] = struct{}{}, uid
		next = (next + 1) % maxSeen
	}
}

// BenchmarkCountRandomClients has every client id fold.
func BenchmarkCountRandomClients(b *testing.B) {
	e := newTestEngine(b, 0)
	random := seeded()
	ld := plog.NewLogs()
	events := make([]event, batchSize)
	for range 10 {
		for i := range events {
			events[i] = authorization(fmt.Sprint("client-", random.Uint64()))
		}
		ld = logs(events...)
		count(e, ld)
	}
	b.ReportAllocs()
	b.SetBytes(batchSize)
	for b.Loop() {
		count(e, ld)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchSize), "ns/record")
}

// BenchmarkMetrics writes out 20 clients and 1000.
func BenchmarkMetrics(b *testing.B) {
	for _, clients := range []int{20, 1000} {
		b.Run(strconv.Itoa(clients), func(b *testing.B) {
			e := newTestEngine(b, 0)
			for _, ld := range []plog.Logs{heraBatch(), loginGovBatch()} {
				count(e, ld)
			}
			for i := range clients {
				ev := full(hera, "auth.pkce.completed").with(attr.ClientID, fmt.Sprint(i%defaultCap)).with(attr.ErrorType, fmt.Sprint(i))
				count(e, logs(ev))
			}
			points := 0
			b.ReportAllocs()
			for b.Loop() {
				md := e.Metrics(start, pcommon.NewResource(), "bench")
				points = md.DataPointCount()
			}
			b.ReportMetric(float64(points), "points")
		})
	}
}

// steadyBatch has a user in each record, of a thousand.
func steadyBatch() plog.Logs {
	ld := loginGovBatch()
	for i, lr := range ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		lr.Attributes().PutStr(attr.UserID, user(i*7919))
	}
	return ld
}

func user(n int) string { return fmt.Sprintf("4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f%04d", n%1000) }

// BenchmarkCountFull is the figure that the project promises: the whole
// catalogue, a uid that is new in each record, and a user of a thousand.
func BenchmarkCountFull(b *testing.B) {
	users := make([]string, 1000)
	for i := range users {
		users[i] = user(i * 7919)
	}
	for _, bb := range []struct {
		name string
		ld   plog.Logs
	}{{"hera", heraBatch()}, {"login_gov", loginGovBatch()}} {
		b.Run(bb.name, func(b *testing.B) {
			e, err := New(catalogue.Builtin(), Settings{Start: start})
			if err != nil {
				b.Fatal(err)
			}
			records := bb.ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
			next := 0
			var times []time.Duration
			b.ReportAllocs()
			b.SetBytes(batchSize)
			for b.Loop() {
				for _, lr := range records.All() {
					next++
					lr.Attributes().PutStr(attr.LogRecordUID, "a3c0f7de-0a54-4c1e-9a0c-"+strconv.Itoa(1e11+next))
					lr.Attributes().PutStr(attr.UserID, users[next%len(users)])
				}
				begin := time.Now()
				count(e, bb.ld)
				if len(times) < 1<<16 {
					times = append(times, time.Since(begin))
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/batchSize, "ns/record")
		})
	}
}

// BenchmarkCountNames counts an event of each of Login.gov's names.
func BenchmarkCountNames(b *testing.B) {
	data, err := os.ReadFile("catalogue/testdata/login_gov_names.txt")
	if err != nil {
		b.Fatal(err)
	}
	var events []event
	for name := range strings.Lines(string(data)) {
		events = append(events, event{loginGov, strings.TrimSpace(name), map[string]any{attr.Outcome: "success"}})
	}
	e, ld := newTestEngine(b, 0), logs(events...)
	b.ReportAllocs()
	for b.Loop() {
		count(e, ld)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(events)), "ns/record")
}

// BenchmarkRulesThatDoNotMatch has many metrics of events that never come.
func BenchmarkRulesThatDoNotMatch(b *testing.B) {
	for _, others := range []int{0, 1000} {
		b.Run(strconv.Itoa(others), func(b *testing.B) {
			set := catalogue.Builtin()
			for i := range others {
				set.Metrics = append(set.Metrics, definition.Metric{
					Name: fmt.Sprint("custom.", i), Dimensions: []definition.Dimension{{Name: attr.ClientID}},
					Rules: []definition.Rule{{Source: hera, Events: []string{fmt.Sprint("other_", i, "_*")}}},
				})
			}
			e, err := New(set, Settings{Start: start})
			if err != nil {
				b.Fatal(err)
			}
			ld := heraBatch()
			var times []time.Duration
			b.ReportAllocs()
			for b.Loop() {
				begin := time.Now()
				count(e, ld)
				times = append(times, time.Since(begin))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/batchSize, "ns/record")
		})
	}
}
