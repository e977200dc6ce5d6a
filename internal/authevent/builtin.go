package authevent

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"
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
		p, err := readShipped(file)
		if err != nil {
			return nil, err
		}
		profiles = append(profiles, p)
	}
	return profiles, nil
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
