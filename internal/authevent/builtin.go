package authevent

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed profiles/*.yaml
var profileFiles embed.FS

// eventsSuffix ends the names of files that are no profile but the events of
// one; see fieldsSuffix, too.
const eventsSuffix = "_events.yaml"

// builtIn returns the profiles that ship with the parser, sorted by name. They
// are read once, since their two thousand lines of YAML cost more than all the
// rest of a Parser, and compiling changes nothing of them.
func builtIn() ([]*profile, error) {
	profiles, err := shipped()
	return slices.Clone(profiles), err
}

var shipped = sync.OnceValues(readBuiltIn)

func readBuiltIn() ([]*profile, error) {
	files, err := fs.Glob(profileFiles, "profiles/*.yaml")
	if err != nil {
		return nil, err
	}
	var profiles []*profile
	for _, file := range files {
		if strings.HasSuffix(file, eventsSuffix) || strings.HasSuffix(file, fieldsSuffix) {
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

// readProfile reads one file, and the files of events and of fields that it may name.
func readProfile(files fs.FS, file string) (*profile, error) {
	raw, err := readYAML(files, file)
	if err != nil {
		return nil, err
	}
	if events, ok := raw["events_file"].(string); ok {
		if raw["events"] != nil {
			return nil, fmt.Errorf("%s: set events or events_file, not both", file)
		}
		if raw["events"], err = readYAML(files, path.Join(path.Dir(file), events)); err != nil {
			return nil, err
		}
		delete(raw, "events_file")
	}
	if fields, ok := raw["pii_file"].(string); ok {
		if raw["pii"] != nil {
			return nil, fmt.Errorf("%s: set pii or pii_file, not both", file)
		}
		if raw["pii"], err = readFields(files, path.Join(path.Dir(file), fields)); err != nil {
			return nil, err
		}
		delete(raw, "pii_file")
	}
	return decodeProfile(strings.TrimSuffix(path.Base(file), ".yaml"), raw)
}

func readYAML(files fs.FS, file string) (map[string]any, error) {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, err
	}
	var raw map[string]any
	if err := yaml.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return raw, nil
}

// Sources returns the names of the built-in profiles, sorted.
func Sources() []string {
	profiles, err := builtIn()
	if err != nil {
		panic(err) // the files are compiled in; a test reads them
	}
	return names(profiles)
}

func names(profiles []*profile) []string {
	names := make([]string, len(profiles))
	for i, p := range profiles {
		names[i] = p.Name
	}
	return names
}
