package scrub

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// parseMap sets v to the JSON text, as body: map does.
func parseMap(t testing.TB, v pcommon.Value, text string) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var raw any
	require.NoError(t, dec.Decode(&raw))
	require.NoError(t, v.FromRaw(numbers(raw)))
}

func numbers(raw any) any {
	switch raw := raw.(type) {
	case json.Number:
		if n, err := raw.Int64(); err == nil {
			return n
		}
		f, _ := raw.Float64()
		return f
	case map[string]any:
		for name := range raw {
			raw[name] = numbers(raw[name])
		}
	case []any:
		for i := range raw {
			raw[i] = numbers(raw[i])
		}
	}
	return raw
}

func appendQuotedObject(text string) []byte {
	return append(jsonscan.AppendQuoted([]byte(`{"x":`), text), '}')
}

func TestPlan(t *testing.T) {
	root, err := compileBody(`{"identity":["/a/*/id","/a/0","/*/b"],"secret":["/a/x/id","/s"],"email":["/a/x/y","/s/e"],"ip":["/s"]}`, nil, nil)
	require.NoError(t, err)
	kindAt := func(path ...string) pii.Kind {
		n, kind := root, root.kind
		for _, name := range path {
			if i, err := strconv.Atoi(name); err == nil {
				n = n.element(i)
			} else {
				n = n.child(name)
			}
			kind = n.below(kind)
		}
		return kind
	}
	for path, want := range map[string]pii.Kind{
		"a":       pii.None,
		"a/z/id":  pii.Identity, // by "*"
		"a/0":     pii.Identity, // an element
		"a/0/q":   pii.Identity, // below it
		"a/1":     pii.None,
		"a/1/id":  pii.Identity,
		"a/x/id":  pii.Secret, // the stronger of two
		"a/x/y":   pii.Email,
		"a/b":     pii.Identity, // "*" holds for a as well
		"q/b/c":   pii.Identity,
		"s":       pii.Secret,
		"s/e":     pii.Secret, // what is redacted always stays so below
		"s/e/f/g": pii.Secret,
		"t":       pii.None,
	} {
		assert.Equal(t, want.String(), kindAt(strings.Split(path, "/")...).String(), path)
	}
}

func TestPlanIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"text": `{"ip":["/` + strings.Repeat("a", maxPlanText) + `"]}`,
		"deep": `{"ip":["` + strings.Repeat("/a", 65) + `"]}`,
		// Each "*" doubles what is below its siblings.
		"stars": func() string {
			var paths []string
			for i := range 40 {
				for j := range 20 {
					paths = append(paths, fmt.Sprintf(`"%s/x%d%s"`, strings.Repeat("/*", i%12), j, strings.Repeat("/*", 11-i%12)))
				}
			}
			return `{"ip":[` + strings.Join(paths, ",") + `]}`
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := compileBody(text, nil, nil)
			assert.ErrorIs(t, err, errPlan)
		})
	}
}

func TestPlanCacheIsBounded(t *testing.T) {
	s := newTest(t, testPolicy())
	top := s.treatments[0]
	for i := range 4 * maxPlans {
		text := fmt.Sprintf(`{"ip":["/a%d"]}`, i)
		require.Equal(t, pii.IP, s.planFor(text, top, 0).root.child("a"+strconv.Itoa(i)).kind)
		require.Same(t, s.planFor(text, top, 0), s.planFor(text, top, 0), "compiled once")
		require.LessOrEqual(t, len(s.plans.plans), maxPlans)
	}
	assert.Nil(t, s.planFor("no JSON", top, 0).root)
}

// The cache outlives the batch, whose strings must not be kept.
func TestPlanCacheKeepsNothingOfTheBatch(t *testing.T) {
	const text = `{"ip":["/a"]}`
	buffer := []byte(text)
	s := newTest(t, testPolicy())
	plan := s.planFor(unsafe.String(&buffer[0], len(buffer)), s.treatments[0], 0)
	clear(buffer)
	require.Same(t, plan, s.planFor(text, s.treatments[0], 0))
	assert.Equal(t, pii.IP, plan.root.child("a").kind)
}
