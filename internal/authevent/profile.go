package authevent

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// profile says what the lines of one IdP mean. It is data, read from
// profiles/<name>.yaml; places in a line are JSON Pointers (RFC 6901).
type profile struct {
	Name string `yaml:"name"`
	// ServiceName is the resource's service.name.
	ServiceName string `yaml:"service_name"`
	// Match: the line is this IdP's if all conditions of one of these hold.
	Match []map[string]condition `yaml:"match"`
	// Of the lists of pointers below, the first that holds something counts.
	EventName   []string `yaml:"event_name"`
	Time        []string `yaml:"time"`
	UID         []string `yaml:"uid"`
	TraceID     []string `yaml:"trace_id"`
	Environment []string `yaml:"environment"`

	Outcome    []string        `yaml:"outcome"`
	ErrorType  errorTypeRules  `yaml:"error_type"`
	Severity   severityRules   `yaml:"severity"`
	Attributes []attributeRule `yaml:"attributes"`

	// Events are the names that the IdP is known to emit, by category.
	Events map[string]map[string]eventRule `yaml:"events"`
	// EventsFile names a file beside this one that holds more of them.
	EventsFile string `yaml:"events_file"`
	// Patterns classify names that Events does not have; the first that
	// fits counts.
	Patterns []patternRule `yaml:"patterns"`

	// PII tells which fields hold personal data, by kind.
	PII map[string][]string `yaml:"pii"`
}

// condition holds on a value's JSON type and, where In is given, its text.
type condition struct {
	Type     string   `yaml:"type"` // text, object, boolean
	In       []string `yaml:"in"`
	Optional bool     `yaml:"optional"` // holds where the value is absent, too
}

// attributeRule fills one attribute.
type attributeRule struct {
	Name string   `yaml:"name"`
	From []string `yaml:"from"`
	// As is the conversion: text (default), code, step, method, email,
	// bool, int, seconds, milliseconds, bot.
	As string `yaml:"as"`
	// Except are values that stand for none.
	Except []string `yaml:"except"`
	// Const is the value where the rule applies and From is empty.
	Const *bool `yaml:"const"`
	// The rule applies to these events, or categories, only.
	Events        []string `yaml:"events"`
	Categories    []string `yaml:"categories"`
	NotCategories []string `yaml:"not_categories"`
}

// errorTypeRules find error.type on a failure: the first that yields one.
type errorTypeRules struct {
	Codes []string `yaml:"codes"` // values that are codes
	Keys  []string `yaml:"keys"`  // objects of which the first key path tells
	// Classes are texts that begin with the name of an exception's class.
	Classes []string `yaml:"classes"`
}

// severityRules make a record ERROR.
type severityRules struct {
	ErrorTypes []string `yaml:"error_types"` // by error.type
	Exceptions []string `yaml:"exceptions"`  // by a value that is there
}

// eventRule is what an event's name says.
type eventRule struct {
	Outcome  string `yaml:"outcome"`
	Step     string `yaml:"step"`
	Limiter  string `yaml:"limiter"`
	Method   string `yaml:"method"`
	Severity string `yaml:"severity"` // error, or nothing
}

// patternRule is an eventRule for all names with a prefix, a suffix, or both.
type patternRule struct {
	Prefix   string `yaml:"prefix"`
	Suffix   string `yaml:"suffix"`
	Category string `yaml:"category"`
	Outcome  string `yaml:"outcome"`
}

//go:embed profiles/*.yaml
var profileFiles embed.FS

// eventsSuffix ends the names of files that are no profile but the events of one.
const eventsSuffix = "_events.yaml"

// builtIn reads the profiles that ship with the parser, sorted by name.
func builtIn() ([]*profile, error) {
	files, err := fs.Glob(profileFiles, "profiles/*.yaml")
	if err != nil {
		return nil, err
	}
	var profiles []*profile
	for _, file := range files {
		if strings.HasSuffix(file, eventsSuffix) {
			continue
		}
		p, err := readProfile(profileFiles, file)
		if err != nil {
			return nil, err
		}
		profiles = append(profiles, p)
	}
	return profiles, nil
}

func readProfile(files fs.FS, file string) (*profile, error) {
	var p profile
	if err := readYAML(files, file, &p); err != nil {
		return nil, err
	}
	if p.EventsFile != "" {
		if p.Events != nil {
			return nil, fmt.Errorf("%s: set events or events_file, not both", file)
		}
		if err := readYAML(files, path.Join(path.Dir(file), p.EventsFile), &p.Events); err != nil {
			return nil, err
		}
	}
	if p.Name == "" || p.ServiceName == "" || len(p.Match) == 0 || len(p.EventName) == 0 {
		return nil, fmt.Errorf("%s: name, service_name, match and event_name are required", file)
	}
	return &p, nil
}

// readYAML refuses keys that the target does not have: a typo in a profile
// must not pass for a field that is never there.
func readYAML(files fs.FS, file string, into any) error {
	f, err := files.Open(file)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(f)
	dec.KnownFields(true)
	if err := errors.Join(dec.Decode(into), f.Close()); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// Sources returns the names of the built-in profiles, sorted.
func Sources() []string {
	profiles, err := builtIn()
	if err != nil {
		panic(err) // the files are compiled in; a test reads them
	}
	var names []string
	for _, p := range profiles {
		names = append(names, p.Name)
	}
	return names
}
