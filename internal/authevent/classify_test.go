package authevent

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

func classifiedBy(t *testing.T, source string) []FieldInfo {
	t.Helper()
	for _, p := range Known() {
		if p.Name == source {
			return p.Classified
		}
	}
	t.Fatalf("no profile %s", source)
	return nil
}

// TestEveryFieldOfTheSamplesIsListed: whatever real lines hold has a kind, so
// that a default-deny policy drops nothing that somebody has seen and judged,
// and no personal data passes as unknown.
func TestEveryFieldOfTheSamplesIsListed(t *testing.T) {
	for source, all := range samples(t) {
		t.Run(source, func(t *testing.T) {
			if more, err := os.ReadFile("../../testdata/sample/" + source + ".ndjson"); err == nil {
				all = append(all, strings.Split(string(more), "\n")...)
			}
			fields := classifiedBy(t, source)
			seen := map[string]bool{}
			for _, line := range all {
				var body any
				if json.Unmarshal([]byte(line), &body) != nil {
					continue // plain text, and what is torn: it has no fields
				}
				if object, ok := body.(map[string]any); ok && isOf(source, object) {
					eachLeaf("", object, func(pointer string) { seen[pointer] = true })
				}
			}
			require.NotEmpty(t, seen)
			for _, pointer := range sortedKeys(seen) {
				assert.True(t, covered(fields, pointer), "%s is not listed: give it a kind in profiles/%s.yaml or its fields file", pointer, source)
			}
		})
	}
}

// covered says whether one of the fields is the place, or one above it.
func covered(fields []FieldInfo, place string) bool {
	return slices.ContainsFunc(fields, func(f FieldInfo) bool { return isAbove(f.Pointer, place) })
}

// isOf says whether the line is one of the source's events: the samples have
// some that are others', on purpose.
func isOf(source string, line map[string]any) bool {
	name, _ := line["log_filename"].(string)
	return source != "login_gov" || line["properties"] != nil && (name == "" || name == "events.log")
}

// eachLeaf visits what says something and has nothing below it.
func eachLeaf(at string, value any, visit func(pointer string)) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			eachLeaf(pointerOf(at, name), member, visit)
		}
	case []any:
		for i, element := range value {
			eachLeaf(pointerOf(at, strconv.Itoa(i)), element, visit)
		}
	case nil:
	default:
		visit(at)
	}
}

func pointerOf(at, name string) string { return at + pii.Field{Path: []string{name}}.Pointer() }

// TestEveryPlaceThatIsReadIsListed: a profile knows a kind of whatever it reads,
// but for objects and the values inside texts.
func TestEveryPlaceThatIsReadIsListed(t *testing.T) {
	profiles, err := builtIn()
	require.NoError(t, err)
	for _, p := range profiles {
		places := collectPlaces(p)
		fields, err := p.classify(places)
		require.NoError(t, err)
		p.eachRead(func(pointer string, _ pii.Kind) {
			if _, inside := places.textAbove(pointer); !inside {
				assert.True(t, covered(fields, pointer), "%s: %s", p.Name, pointer)
			}
		})
	}
}

func TestNoFieldHasTwoKinds(t *testing.T) {
	for _, p := range Known() {
		for i, f := range p.Classified[1:] {
			assert.Less(t, p.Classified[i].Pointer, f.Pointer, p.Name)
		}
	}
}

// TestAttributesAndFieldsAgree: what stands in an attribute with personal data is
// personal data in the body, too, and what is no secret there is none here.
func TestAttributesAndFieldsAgree(t *testing.T) {
	want := map[string]pii.Kind{
		attr.URLPath: pii.Path, attr.UserAgentOriginal: pii.UserAgent,
		attr.UserAgentVersion: pii.Version, attr.UserAgentOSVersion: pii.Version,
	}
	for _, p := range Known() {
		for _, a := range p.Attributes {
			kind, _ := attr.KindOf(a.Name)
			for _, place := range a.Places {
				got, known := kindAt(p.Classified, place)
				if !known {
					continue // inside a text: TestEveryPlaceThatIsReadIsListed
				}
				if kind != pii.None && kind != pii.Public {
					assert.NotEqual(t, pii.Public, got, "%s: %s holds %s", p.Name, place, a.Name)
				}
				if body, fixed := want[a.Name]; fixed && !slices.Contains([]pii.Kind{pii.Secret, pii.URL}, got) {
					assert.Equal(t, body, got, "%s: %s holds %s", p.Name, place, a.Name)
				}
			}
		}
	}
}

// kindAt returns the kind of the deepest field that is the place, or above it.
func kindAt(fields []FieldInfo, place string) (kind pii.Kind, known bool) {
	deepest := -1
	for _, f := range fields {
		if depth := strings.Count(f.Pointer, "/"); depth > deepest && covered([]FieldInfo{f}, place) {
			kind, known, deepest = f.Kind, true, depth
		}
	}
	return kind, known
}

// TestWhatIsReadAndNotListed: a user's own profile need not repeat under pii what
// it says elsewhere.
func TestWhatIsReadAndNotListed(t *testing.T) {
	p, err := decodeProfile("x", fromYAML(t, `
match:
  - /app: {in: [acme]}
    /payload: {type: object}
    /any: {}
event_name: [/what]
time: [/when]
uid: [/id]
trace_id: [/trace]
outcome: [/payload/ok]
error_type: {codes: [/payload/why]}
key_values: [/kv]
attributes:
  - {name: user.name, from: [/who/mail, /kv/user]}
  - {name: user.email, from: [/who/mail], as: email}
  - {name: user.id, from: [/link], after: /users/}
  - {name: auth.client.id, from: [/client], when: {/kind: {type: text}, /more: {type: array}}}
  - {name: auth.provider, from: [/client/provider]}
  - {name: client.address, from: [/from]}
  - {name: url.path, from: [/listed/path]}
pii:
  secret: [/listed]
  public: ["/payload/ok"]
`))
	require.NoError(t, err)
	fields, err := p.classify(collectPlaces(p))
	require.NoError(t, err)
	assert.Equal(t, []FieldInfo{
		{"/app", pii.Public},
		// /client is an object, too: what else is in it nobody has seen.
		{"/client/provider", pii.Public},
		{"/from", pii.IP},
		{"/id", pii.Public},
		{"/kind", pii.Public},
		{"/kv", pii.Text},
		{"/link", pii.Path},
		{"/listed", pii.Secret},
		{"/payload/ok", pii.Public},
		{"/payload/why", pii.Text},
		{"/trace", pii.TraceID},
		{"/what", pii.Public},
		{"/when", pii.Public},
		{"/who/mail", pii.Identity},
	}, fields)
}

// TestFieldsAreTheSameEachTime: the scrubber compiles each distinct value once.
func TestFieldsAreTheSameEachTime(t *testing.T) {
	for range 3 {
		for _, p := range Known() {
			profiles := []*profile{profileNamed(t, p.Name)}
			_, a, err := compileProfiles(profiles)
			require.NoError(t, err)
			_, b, err := compileProfiles(profiles)
			require.NoError(t, err)
			assert.True(t, bytes.Equal([]byte(a[0].piiFields), []byte(b[0].piiFields)), p.Name)
		}
	}
}

// The look-up of listed pointers has to come to the same as holding each of them
// against the place.
func TestCoveredByListedFields(t *testing.T) {
	pointers := []string{"", "/a", "/a/b", "/a/b/c", "/a/*", "/*/b", "/a/*/c", "/ab", "/a~1b", "/b", "/b/0", "/b/*/x", "/*"}
	places := append(slices.Clone(pointers), "/a/x", "/a/x/c", "/a/x/d", "/x/b", "/b/0/x", "/b/1", "/c")
	for i := range 1 << len(pointers) {
		c := classifier{at: map[string]string{}}
		var listed, wild []FieldInfo
		for j, pointer := range pointers {
			if i&(1<<j) != 0 {
				c.at[pointer] = "listed"
				listed = append(listed, FieldInfo{Pointer: pointer})
				if strings.Contains(pointer, "*") {
					wild = append(wild, FieldInfo{Pointer: pointer})
				}
			}
		}
		for _, place := range places {
			require.Equal(t, covered(listed, place), c.covered(wild, place), "%s of %v", place, listed)
		}
	}
}
