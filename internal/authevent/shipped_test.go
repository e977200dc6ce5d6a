package authevent

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// readProfile is the longer way: one file, and those of events and of fields that it
// may name, are put together as a user would write them, and decoded as a user's.
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

// A built-in profile is read by a shorter way than a user's. It has to come to
// the same, and to have no key that a user's may not have.
func TestShippedProfilesAreReadAsUsers(t *testing.T) {
	for _, name := range Sources() {
		file := "profiles/" + name + ".yaml"
		want, err := readProfile(profileFiles, file)
		require.NoError(t, err)
		got, err := readShipped(file)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
}

func TestShippedFilesThatAreNotThere(t *testing.T) {
	_, err := readShipped("profiles/nobody.yaml")
	assert.ErrorContains(t, err, "profiles/nobody.yaml")
}

// BenchmarkStart is what a collector with one receiver does of it before it reads
// a line, save that the compiled profiles are kept in the process.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		profiles, err := readBuiltIn()
		require.NoError(b, err)
		_, err = compileSet(profiles)
		require.NoError(b, err)
	}
}
