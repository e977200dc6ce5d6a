package authevent

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// FuzzLine holds the parser against encoding/json: what is no JSON object is
// never an event, but for plain text that Hera's templates fit, and a map body
// has the values that encoding/json finds.
func FuzzLine(f *testing.F) {
	for _, seed := range []string{
		`{"type":"audit","event":"x","a":[1,2.5,"\ud800",{"b":null}],"a":-0}`,
		`{"audit":true,"action":"x","n":9007199254740993,"m":92233720368547758080}`,
		`{"name":"x","properties":{"event_properties":{"success":false,"error_details":{"b":{"c":true},"a":[]}}}}`,
		`{"name":"x","properties":{},"properties":{"user_id":"\u0041","user_id":{}}}`,
		`{"type":"audit","event":""}`,
		`{"event_type":"x","created_at":1,"actor":{"id":null},"metadata":{"ip":[{}]}}`,
		`[security][a][b] c`,
		`[security]["a",{}]`,
	} {
		f.Add([]byte(seed))
	}
	p, err := NewParser(Options{Body: BodyMap})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		b := p.NewBatch()
		r := b.Add(Line{Text: line}, &Origin{}, observed)
		if r.Kind != Event {
			return
		}
		got := b.Take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		if plainEvent(got) {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(line, []byte(byteOrderMark))))
		dec.UseNumber()
		var want map[string]any
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		if got.EventName() == "" {
			t.Fatal("an event without a name")
		}
		if !sameValue(got.Body(), want) {
			t.Fatalf("%q: got %v, want %v", line, got.Body().AsRaw(), want)
		}
	})
}

// plainEvent says whether a record is of a line of plain text: its body begins
// as a template does, and the name of its event stands there.
func plainEvent(lr plog.LogRecord) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(lr.Body().Str(), "[ERROR]"), "[security][")
	area, kind, _ := strings.Cut(lr.EventName(), ".")
	return ok && lr.Body().Type() == pcommon.ValueTypeStr && strings.HasPrefix(rest, area) && strings.Contains(rest, "]["+kind)
}

func sameValue(got pcommon.Value, want any) bool {
	switch want := want.(type) {
	case nil:
		return got.Type() == pcommon.ValueTypeEmpty
	case bool:
		return got.Type() == pcommon.ValueTypeBool && got.Bool() == want
	case string:
		return got.Type() == pcommon.ValueTypeStr && got.Str() == want
	case json.Number:
		return sameNumber(got, want.String())
	case []any:
		if got.Type() != pcommon.ValueTypeSlice || got.Slice().Len() != len(want) {
			return false
		}
		for i := range want {
			if !sameValue(got.Slice().At(i), want[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		if got.Type() != pcommon.ValueTypeMap || got.Map().Len() != len(want) {
			return false
		}
		for k := range want {
			v, ok := got.Map().Get(k)
			if !ok || !sameValue(v, want[k]) {
				return false
			}
		}
		return true
	}
	return false
}

func sameNumber(got pcommon.Value, want string) bool {
	if !strings.ContainsAny(want, ".eE") {
		n, _ := new(big.Int).SetString(want, 10)
		if n.IsInt64() {
			return got.Type() == pcommon.ValueTypeInt && got.Int() == n.Int64()
		}
		return got.Type() == pcommon.ValueTypeStr && got.Str() == want
	}
	f, err := json.Number(want).Float64()
	return err == nil && got.Type() == pcommon.ValueTypeDouble && got.Double() == f
}

// FuzzBodyText: the text body of an object is always valid JSON, whatever bytes
// the line had.
func FuzzBodyText(f *testing.F) {
	f.Add([]byte(" {\"type\":\"audit\",\"event\":\"\xff\"} "))
	p, err := NewParser(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		b := p.NewBatch()
		if b.Add(Line{Text: line}, &Origin{}, observed).Kind != Event {
			return
		}
		lr := b.Take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		body := lr.Body().Str()
		if plainEvent(lr) {
			return
		}
		if jsonscan.Valid(body) != jsonscan.OK {
			t.Fatalf("%q became %q", line, body)
		}
	})
}
