package authevent

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
)

// userProfiles decodes Options.Profiles, sorted by name: that is the order in
// which they are tried.
func userProfiles(byName map[string]any) ([]*profile, error) {
	var profiles []*profile
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		p, err := decodeProfile(name, byName[name])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		profiles = append(profiles, p)
	}
	return profiles, errors.Join(errs...)
}

// decodeProfile makes a profile of decoded YAML: maps, lists and scalars. A key
// that a profile does not have is an error, since a typo must not pass for a
// field that is never there. Errors name the place in the YAML.
func decodeProfile(name string, raw any) (*profile, error) {
	root := pathOf(name)
	if name == SourceAuto || !isCode(name) {
		return nil, fmt.Errorf("%s: no name for a profile: use letters, digits and underscores, and not %q", root, SourceAuto)
	}
	if _, ok := raw.(map[string]any); !ok {
		return nil, fmt.Errorf("%s: must be a map, found %s", root, yamlType(raw))
	}
	if err := errors.Join(nulls(root, raw)...); err != nil {
		return nil, err
	}
	p := &profile{}
	dec, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: p, TagName: "yaml", ErrorUnused: true, RootName: root,
		MatchName: func(key, field string) bool { return key == field },
	})
	if err != nil {
		return nil, err
	}
	if err := dec.Decode(raw); err != nil {
		return nil, errors.Join(decodeErrors(root, err)...)
	}
	if p.Name == "" {
		p.Name = name
	}
	if p.Name != name {
		return nil, fmt.Errorf("%s.name: is %q but the profile stands under %q: leave it out", root, p.Name, name)
	}
	if p.ServiceName == "" {
		p.ServiceName = name
	}
	return p, nil
}

// pathOf is where a profile stands in a config, for errors.
func pathOf(name string) string { return "profiles." + name }

// nulls finds the elements of lists that are null: except: [null] is meant to
// be a text, and would pass for an empty one.
func nulls(path string, raw any) (errs []error) {
	switch raw := raw.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(raw)) {
			errs = append(errs, nulls(path+"."+key, raw[key])...)
		}
	case []any:
		for i, element := range raw {
			path := fmt.Sprintf("%s[%d]", path, i)
			if element == nil {
				errs = append(errs, fmt.Errorf("%s: is null: put a text in quotes", path))
			}
			errs = append(errs, nulls(path, element)...)
		}
	}
	return errs
}

// decodeErrors says what mapstructure found, each with its place.
func decodeErrors(root string, err error) []error {
	var joined interface {
		error
		Unwrap() []error
	}
	if errors.As(err, &joined) {
		var errs []error
		for _, err := range joined.Unwrap() {
			errs = append(errs, decodeErrors(root, err)...)
		}
		return errs
	}
	var at *mapstructure.DecodeError
	if !errors.As(err, &at) {
		return []error{fmt.Errorf("%s: %w", root, err)}
	}
	var wrong *mapstructure.UnconvertibleTypeError
	if errors.As(err, &wrong) {
		remedy := ""
		if wrong.Expected.Kind() == reflect.String {
			remedy = ": put it in quotes"
		}
		return []error{fmt.Errorf("%s: must be %s, found %s%s", at.Name(), goType(wrong.Expected.Type()), yamlType(wrong.Value), remedy)}
	}
	message := at.Unwrap().Error()
	if keys, ok := strings.CutPrefix(message, "has invalid keys: "); ok {
		message = "no such key: " + keys + ": docs/profiles.md lists those there are"
	}
	if found, ok := strings.CutPrefix(message, "source data must be an array or slice, got "); ok {
		message = "must be a list (got a " + found + "): write it in brackets"
	}
	return []error{fmt.Errorf("%s: %s", at.Name(), message)}
}

func goType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	default:
		return "a map"
	}
}

func yamlType(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case string:
		return "a text"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a map"
	default:
		return "a number"
	}
}
