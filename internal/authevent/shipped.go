package authevent

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// shippedProfile is a file of a built-in profile.
type shippedProfile struct {
	profile    `yaml:",inline"`
	EventsFile string `yaml:"events_file"`
	PIIFile    string `yaml:"pii_file"`
}

// readShipped reads the files of a built-in profile. It trusts them, since a test
// holds them against readProfile, which looks for all that may be wrong: that took
// half of the time that a collector needs to start.
func readShipped(file string) (*profile, error) {
	var p shippedProfile
	if err := decodeYAML(file, &p); err != nil {
		return nil, err
	}
	p.Name = strings.TrimSuffix(path.Base(file), ".yaml")
	if p.ServiceName == "" {
		p.ServiceName = p.Name
	}
	if p.EventsFile != "" {
		if err := decodeYAML(path.Join(path.Dir(file), p.EventsFile), &p.Events); err != nil {
			return nil, err
		}
	}
	if p.PIIFile != "" {
		var err error
		if p.PII, err = readFields(profileFiles, path.Join(path.Dir(file), p.PIIFile)); err != nil {
			return nil, err
		}
	}
	return &p.profile, nil
}

func decodeYAML(file string, into any) error {
	text, err := fs.ReadFile(profileFiles, file)
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
