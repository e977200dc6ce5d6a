package scrub

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

var benchAttributes = map[string]func(pcommon.Map){
	"login_gov": func(m pcommon.Map) {
		m.PutStr(attr.OTelEventName, "Email and Password Authentication")
		m.PutStr(attr.Source, "login_gov")
		m.PutStr(attr.Category, "password")
		m.PutStr(attr.Outcome, "success")
		m.PutStr(attr.ClientID, "urn:gov:gsa:openidconnect:sp:sinatra")
		m.PutStr(attr.UserID, "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11")
		m.PutStr(attr.SessionID, "5d2b1c9e-6f7a-4f36-8e2b-9c8d7e6f5a43")
		m.PutStr(attr.VisitorID, "7b8f4a52-9d5b-4a44-8a33-3b1a0f6e2c77")
		m.PutStr(attr.ClientAddress, "203.0.113.10")
		m.PutStr(attr.UserAgentOriginal, "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0")
		m.PutStr(attr.UserAgentName, "Chrome")
		m.PutStr(attr.UserAgentVersion, "126.0")
		m.PutStr(attr.UserAgentOSName, "Linux")
		m.PutStr(attr.UserAgentOSVersion, "0")
		m.PutBool(attr.BrowserMobile, false)
		m.PutStr(attr.URLPath, "/")
		m.PutStr(attr.ServerAddress, "secure.login.gov")
		m.PutInt(attr.ProcessPID, 20001)
		m.PutStr(attr.LogRecordUID, "a3c0f7de-0a54-4c1e-9a0c-000000000001")
	},
	"hera": func(m pcommon.Map) {
		m.PutStr(attr.OTelEventName, "m2m_client.created")
		m.PutStr(attr.Source, "hera")
		m.PutStr(attr.ClientID, "abc123")
		m.PutStr(attr.ActorID, "5b1f0c4e-7e63-4a0c-9d44-5f3f3d1f9a11")
		m.PutStr(attr.ActorEmail, "admin@example.com")
		m.PutStr(attr.LogRecordUID, "0123456789abcdef0123456789abcdef")
	},
}

// BenchmarkLogs scrubs batches of 100 records; an operation is one record. hit:
// all are of one user, whose pseudonyms are remembered; miss: each of another;
// nothing: there is nothing to scrub in them. The copy of the batch is not
// measured, nor is what its garbage costs.
func BenchmarkLogs(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	const batch = 100
	for _, source := range []string{"login_gov", "hera"} {
		for _, form := range []string{"text", "map"} {
			for _, pseudonyms := range []string{"hit", "miss", "nothing"} {
				b.Run(source+"/"+form+"/"+pseudonyms, func(b *testing.B) {
					p := testPolicy()
					s := newTest(b, p)
					template := sampleBatch(b, source, form, batch, pseudonyms == "miss")
					if pseudonyms == "nothing" {
						s.Logs(template)
						template.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().PutStr(attr.PIIFields, readFile(b, source+".fields.json"))
						dropIDs(template)
					}
					var ready []plog.Logs
					b.ReportAllocs()
					b.SetBytes(int64(len(readFile(b, source+".json"))))
					for n := 0; b.Loop(); n++ {
						if n%batch != 0 {
							continue
						}
						if len(ready) == 0 { // many at a time, since to stop the timer stops the world
							b.StopTimer()
							runtime.GC()
							ready = copies(template, 10)
							b.StartTimer()
						}
						if pseudonyms == "miss" { // which forgets them; 30 µs in 100 records
							if err := s.SetKeys(p.Keys); err != nil {
								b.Fatal(err)
							}
						}
						s.Logs(ready[len(ready)-1])
						ready = ready[:len(ready)-1]
					}
				})
			}
		}
	}
}

func copies(template plog.Logs, n int) (out []plog.Logs) {
	for range n {
		ld := plog.NewLogs()
		template.CopyTo(ld)
		out = append(out, ld)
	}
	return out
}

// dropIDs takes the pseudonyms off that were made of ids.
func dropIDs(ld plog.Logs) {
	for _, lr := range ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		lr.Attributes().RemoveIf(func(name string, _ pcommon.Value) bool {
			kind, _ := attr.KindOf(name)
			return kind == pii.Identity || kind == pii.Email
		})
	}
}

// BenchmarkTextBody scrubs the text bodies alone, without what pdata costs.
func BenchmarkTextBody(b *testing.B) {
	for _, source := range []string{"login_gov", "hera"} {
		b.Run(source, func(b *testing.B) {
			body := readFile(b, source+".json")
			ld := oneRecord("", func(lr plog.LogRecord) { benchAttributes[source](lr.Attributes()) })
			w := newWalker(newTest(b, testPolicy()))
			w.plan = w.s.planFor(readFile(b, source+".fields.json"), w.t, 0)
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				w.identities(record(ld).Attributes())
				w.tallies.back(mark{})
				if _, became, _ := w.json(body, w.plan.root, spot{}, 0); became == same {
					b.Fatal("unchanged")
				}
			}
		})
	}
}

// BenchmarkScan only scans the same text: what any walk over it costs at least,
// and a unit for the others on a machine that does other things as well.
func BenchmarkScan(b *testing.B) {
	body := readFile(b, "login_gov.json")
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if jsonscan.Valid(body) != jsonscan.OK {
			b.Fatal("invalid")
		}
	}
}

// BenchmarkLongIDs is of two lengths: MB/s must be about the same.
func BenchmarkLongIDs(b *testing.B) {
	s := newTest(b, testPolicy())
	for _, unit := range []string{"a", "-ab"} {
		for _, n := range []int{1 << 14, 1 << 18} {
			b.Run(fmt.Sprintf("%s/%d", unit, n), func(b *testing.B) {
				template := longID(unit, n)
				b.SetBytes(int64(n))
				for b.Loop() {
					ld := plog.NewLogs()
					template.CopyTo(ld)
					s.Logs(ld)
				}
			})
		}
	}
}
