package profiles

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// kindOfName is what the scrubber takes a value for by its name alone.
func kindOfName(name string) pii.Kind { return scrub.NameKind(name) }

// class is a place, with * for elements, and its kind.
type class struct {
	pointer string
	kind    pii.Kind
	// byName: the name told. Else it was the values' looks.
	byName bool
	doubt  bool // neither told, and in doubt it is not public
	lines  int
}

// classes gives each place of the sample a kind that the draft does not read
// otherwise. Places that become one behind * have the most personal of theirs. Where
// all lines are of one user, what few values have is no code that many share.
func classes(all []*field, read func(pointer string) bool, oneUser bool) []class {
	byPointer := map[string]class{}
	var order []string
	objects := map[string]bool{}
	for _, f := range all {
		objects[f.pointer] = f.types[sample.Object] > 0
	}
	for _, f := range all {
		if f.inside != "" || !f.hasLeaf() || read(f.pointer) {
			continue
		}
		c := f.class(oneUser)
		if c.kind == pii.Public && isKeyed(f.pointer, objects) {
			c.kind, c.doubt = pii.Text, true
		}
		before, twice := byPointer[c.pointer]
		if !twice {
			order = append(order, c.pointer)
		}
		if !twice || strictness(c.kind) > strictness(before.kind) {
			c.lines = max(c.lines, before.lines)
			byPointer[c.pointer] = c
		}
	}
	slices.Sort(order)
	var out []class
	for _, pointer := range order {
		out = append(out, byPointer[pointer])
	}
	return out
}

// isKeyed says whether a place is in an object whose members are called by values,
// which tell of somebody by themselves.
func isKeyed(pointer string, objects map[string]bool) bool {
	for i := range len(pointer) {
		if strings.HasPrefix(pointer[i:]+"/", "/*/") && objects[pointer[:i]] {
			return true
		}
	}
	return false
}

// strictness orders kinds by what an element needs whose neighbours differ.
func strictness(kind pii.Kind) int {
	return slices.Index([]pii.Kind{
		pii.Public, pii.Version, pii.Path, pii.URL, pii.UserAgent, pii.TraceID, pii.EmailDomain, pii.Text, pii.QuasiIdentifier, pii.VendorID,
		pii.IP, pii.Email, pii.Identity, pii.Name, pii.Phone, pii.Secret,
	}, kind)
}

// hasLeaf says whether there is something to classify. What is null in all lines will
// hold something in another.
func (f *field) hasLeaf() bool {
	return f.types[sample.Text]+f.types[sample.Number]+f.types[sample.Boolean] > 0 || f.types[sample.Object]+f.types[sample.Array] == 0
}

// class judges a field as docs/profiles.md asks: in doubt it is not public.
func (f *field) class(oneUser bool) class {
	c := class{pointer: sample.General(f.pointer), lines: len(f.lines)}
	if f.isPlaceOnEarth() {
		c.kind, c.byName = pii.QuasiIdentifier, true
		return c
	}
	if c.kind = f.kindByName(); c.kind != pii.None && f.share(shapeBool) < 1 {
		c.byName = true
		return c
	}
	for _, rule := range []struct {
		kind  pii.Kind
		least float64
		of    []shape
	}{
		{pii.Secret, 0.01, []shape{shapeSecret}},
		{pii.Phone, 0.5, []shape{shapePhone}},
		{pii.Email, 0.5, []shape{shapeEmail}},
		{pii.IP, 0.5, []shape{shapeIP}},
		{pii.UserAgent, 0.5, []shape{shapeUserAgent}},
		{pii.URL, 0.5, []shape{shapeURL}},
		{pii.Path, 0.5, []shape{shapePath}},
		{pii.Text, 0.01, []shape{shapeMixed, shapeEmail, shapePhone, shapeIP}},
		{pii.Identity, 0.5, []shape{shapeUUID, shapeOpaque}},
		{pii.Public, 1, []shape{shapeBool, shapeTime}},
		{pii.Public, 1, []shape{shapeBool, shapeFloat}},
	} {
		if f.share(rule.of...) >= rule.least {
			c.kind = rule.kind
			return c
		}
	}
	switch {
	case f.share(shapeInteger, shapeFloat, shapeBool) == 1 && !strings.HasSuffix(f.name, "id"):
		c.kind = pii.Public // counts, durations, settings
	case !oneUser && f.isEnum():
		c.kind = pii.Public
	case f.share(shapeInteger, shapeEpoch, shapeUUID, shapeOpaque) > 0.5 && (strings.HasSuffix(f.name, "id") || f.name == "pk"):
		c.kind = pii.Identity
	default:
		c.kind, c.doubt = pii.Text, true
	}
	return c
}

// isEnum says whether few codes stand in many lines.
func (f *field) isEnum() bool {
	if f.share(shapeCode, shapeInteger, shapeBool) < 1 || len(f.lines) < 5 || strings.HasSuffix(f.name, "name") {
		return false
	}
	return len(f.values)*4 <= len(f.lines) || len(f.values) == 1
}

// isPlaceOnEarth knows coordinates, which are numbers and no counts, and time zones,
// which look like codes. The state of a location is none of OAuth's.
func (f *field) isPlaceOnEarth() bool {
	if f.name == "state" && slices.Contains([]string{"location", "geo", "geolocation", "address"}, f.parent) {
		return true
	}
	return slices.Contains([]string{"lat", "lon", "lng", "long", "latitude", "longitude", "timezone", "zoneinfo"}, f.name)
}
