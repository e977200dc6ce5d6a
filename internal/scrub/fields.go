package scrub

import (
	"errors"
	"fmt"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// bodyField and attributeField are a Field that was checked.
type bodyField struct {
	path []string
	kind pii.Kind
}

type attributeField struct {
	name string
	kind pii.Kind
}

// allowed is what a rule with allow_fields lists.
type allowed struct {
	body       [][]string
	attributes []string
}

// maxFieldName bounds a name in a config, which is compared with those of records.
const maxFieldName = 256

// parsePath reads a Path of Field: a place in the body, or an attribute's name.
func parsePath(text string) (path []string, attribute string, err error) {
	if strings.HasPrefix(text, "/") {
		if path, err = pii.ParsePointer(text); err != nil {
			return nil, "", fmt.Errorf("%w (got %q)", err, text)
		}
		if len(path) > jsonscan.MaxDepth {
			return nil, "", fmt.Errorf("must have at most %d levels (got %d): no body is as deep", jsonscan.MaxDepth, len(path))
		}
		return path, "", nil
	}
	name := strings.TrimSuffix(text, "*")
	switch {
	case text == "":
		return nil, "", errors.New(`must be a JSON Pointer into the body, such as /properties/user_id, or the name of an attribute (got "")`)
	case len(text) > maxFieldName:
		return nil, "", fmt.Errorf("must have at most %d bytes (got %d)", maxFieldName, len(text))
	case strings.Contains(name, "*"):
		return nil, "", fmt.Errorf("an attribute's name may have a * at its end only (got %q): for a place in the body begin with /", text)
	}
	return nil, text, nil
}

// compileFields checks the fields and files them by source: index 0 has those
// of a source that no field names, and each other list is of one source.
func (s *Scrubber) compileFields(fields []Field) error {
	var errs []error
	s.sources = map[string]int{}
	for _, f := range fields {
		if _, ok := s.sources[f.Source]; !ok && f.Source != "" {
			s.sources[f.Source] = len(s.sources) + 1
		}
	}
	s.bodyFields = make([][]bodyField, len(s.sources)+1)
	s.attributeFields = make([][]attributeField, len(s.sources)+1)
	for i, f := range fields {
		path, name, err := parsePath(f.Path)
		if err != nil {
			errs = append(errs, fmt.Errorf("fields[%d].path: %w", i, err))
		}
		if f.Kind == pii.None || int(f.Kind) >= pii.NumKinds {
			errs = append(errs, fmt.Errorf("fields[%d].kind: must be one of %s (got %q)", i, kindNames(), f.Kind))
		}
		if len(errs) > 0 {
			continue
		}
		for source := range s.bodyFields {
			if f.Source != "" && s.sources[f.Source] != source {
				continue
			}
			if path != nil {
				s.bodyFields[source] = append(s.bodyFields[source], bodyField{path, f.Kind})
			} else {
				s.attributeFields[source] = append(s.attributeFields[source], attributeField{name, f.Kind})
			}
		}
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	for _, list := range s.bodyFields {
		if _, err := compileBody("", list, nil); err != nil {
			return fmt.Errorf("fields: too many paths into the body with * in them: at most %d places are followed", maxPlanNodes)
		}
	}
	return nil
}

func kindNames() string {
	var names []string
	for _, kind := range pii.Kinds() {
		names = append(names, kind.String())
	}
	return strings.Join(names, ", ")
}

// compileAllowed checks the allow_fields of a rule; nil where it has none.
func compileAllowed(paths []string, prefix string) (*allowed, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	var errs []error
	out := &allowed{}
	for i, text := range paths {
		path, name, err := parsePath(text)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("%sallow_fields[%d]: %w", prefix, i, err))
		case path != nil:
			out.body = append(out.body, path)
		default:
			out.attributes = append(out.attributes, name)
		}
	}
	if _, err := compileBody("", nil, out); err != nil {
		errs = append(errs, fmt.Errorf("%sallow_fields: too many paths into the body with * in them: at most %d places are followed", prefix, maxPlanNodes))
	}
	return out, errors.Join(errs...)
}
