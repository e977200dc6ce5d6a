package scrub

import (
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// fullPolicy has one element in every list and map, of its own memory.
func fullPolicy() *Policy {
	p := testPolicy()
	p.Fields = []Field{{Path: "/a", Kind: pii.Name}}
	p.Rules = []Rule{{Attributes: map[string]string{"a": "b"}, Treatment: p.Treatment, AllowFields: []string{"/a"}}}
	return &p
}

// TestHashCoversThePolicy: whatever of the policy changes, the hash does; only a
// secret must not get into it, or who guesses it could check the guess.
func TestHashCoversThePolicy(t *testing.T) {
	seen := map[string]string{fullPolicy().hash(): "nothing"}
	places := 0
	for ; ; places++ {
		p, left, changed := fullPolicy(), places, ""
		changeOne(t, reflect.ValueOf(p).Elem(), "Policy", &left, &changed)
		if changed == "" {
			break
		}
		hash := p.hash()
		if changed == "Policy.Keys[0].Secret" {
			assert.Equal(t, "nothing", seen[hash])
			continue
		}
		assert.Empty(t, seen[hash], changed) // else what has the same hash
		seen[hash] = changed
	}
	assert.Greater(t, places, 3*pii.NumKinds, "it has two treatments, and more beside them")
	assert.Len(t, fullPolicy().hash(), 16)
}

// changeOne changes the one of the values in v that left counts down to, and
// says which.
func changeOne(t *testing.T, v reflect.Value, name string, left *int, changed *string) {
	here := func() bool {
		*left--
		if *left == -1 {
			*changed = name
		}
		return *left == -1
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		if here() {
			v.Set(reflect.ValueOf(time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			changeOne(t, v.Field(i), name+"."+v.Type().Field(i).Name, left, changed)
		}
	case reflect.Array, reflect.Slice:
		if secret, ok := v.Interface().([]byte); ok {
			if here() {
				secret[0]++
			}
			return
		}
		for i := range v.Len() {
			changeOne(t, v.Index(i), name+"["+strconv.Itoa(i)+"]", left, changed)
		}
	case reflect.Map:
		if here() {
			v.SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf("c"))
		}
	case reflect.String:
		if here() {
			v.SetString(v.String() + "x")
		}
	case reflect.Bool:
		if here() {
			v.SetBool(!v.Bool())
		}
	case reflect.Int:
		if here() {
			v.SetInt(v.Int() + 1)
		}
	case reflect.Uint8:
		if here() {
			v.SetUint(v.Uint() + 1)
		}
	case reflect.Float64:
		if here() {
			v.SetFloat(v.Float() / 2)
		}
	default:
		require.Fail(t, "a kind of value that the test can't change", "%s %s", name, v.Kind())
	}
}

// A key's id is in the hash: a rotation changes what the records say.
func TestHashOfKeys(t *testing.T) {
	one, two := fullPolicy(), fullPolicy()
	two.Keys = append(two.Keys, pseudonym.Key{ID: "k0"})
	assert.NotEqual(t, one.hash(), two.hash())
}
