// Package license finds the license files of modules, says which licenses they
// are, and refuses those that are unknown or not allowed.
package license

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	classifier "github.com/google/licenseclassifier/v2"
	"github.com/google/licenseclassifier/v2/assets"

	"github.com/authevents/otelcol-auth/tools/internal/linked"
)

// Module is a module with what its files grant and demand.
type Module struct {
	linked.Module
	Licenses []string // SPDX identifiers, sorted
	Files    []File   // license files, then notices
}

// File is a text that has to go with the code.
type File struct {
	Name string // within the module
	Text string
}

// Checker classifies texts; equal texts once. It is for one goroutine.
type Checker struct {
	classifier *classifier.Classifier
	known      map[[sha256.Size]byte]verdict // grows with the number of different texts
}

type verdict struct {
	licenses []string
	err      error
}

// NewChecker loads the texts to compare with.
func NewChecker() (*Checker, error) {
	c, err := assets.DefaultClassifier()
	if err != nil {
		return nil, fmt.Errorf("license classifier: %w", err)
	}
	return &Checker{classifier: c, known: map[[sha256.Size]byte]verdict{}}, nil
}

// Modules checks each module; the project's own, which have no version, are left
// out. The error joins all problems, each with its module's name.
func (c *Checker) Modules(modules []linked.Module) ([]Module, error) {
	var out []Module
	var problems []error
	for _, m := range modules {
		if m.Version == "" {
			continue
		}
		checked, err := c.module(m)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		out = append(out, checked)
	}
	return out, errors.Join(problems...)
}

func (c *Checker) module(m linked.Module) (Module, error) {
	licenses, notices, err := files(m)
	if err != nil {
		return Module{}, fmt.Errorf("%s: %w", m.Key(), err)
	}
	if len(licenses) == 0 {
		return Module{}, fmt.Errorf("%s has no license file: without one nobody may pass it on; use another module", m.Key())
	}
	ids := map[string]bool{}
	var problems []error
	for _, f := range licenses {
		found, err := c.Text(f.Text)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %s: %w", m.Key(), f.Name, err))
		}
		for _, id := range found {
			ids[id] = true
		}
	}
	if len(problems) > 0 {
		return Module{}, errors.Join(problems...)
	}
	return Module{Module: m, Licenses: slices.Sorted(maps.Keys(ids)), Files: append(licenses, notices...)}, nil
}

// Text says which licenses a text holds, as sorted SPDX identifiers. One license
// that is not allowed refuses the whole text, and so does a text without any.
func (c *Checker) Text(text string) ([]string, error) {
	key := sha256.Sum256([]byte(text))
	v, ok := c.known[key]
	if !ok {
		v.licenses, v.err = c.classify(text)
		c.known[key] = v
	}
	return v.licenses, v.err
}

func (c *Checker) classify(text string) ([]string, error) {
	ids, refused := map[string]bool{}, map[string]bool{}
	for _, m := range c.classifier.Match([]byte(text)).Matches {
		switch m.MatchType {
		case "License", "Header": // a header names its license
		default:
			continue // a line of copyright
		}
		if id, ok := allowed[m.Name]; ok {
			ids[id] = true
		} else {
			refused[m.Name] = true
		}
	}
	if len(refused) > 0 {
		return nil, fmt.Errorf("license %s is not allowed (tools/internal/license/allowed.go)", strings.Join(slices.Sorted(maps.Keys(refused)), ", "))
	}
	if len(ids) == 0 {
		return nil, errors.New("the text is no license that is known")
	}
	return slices.Sorted(maps.Keys(ids)), nil
}

// files reads what lies beside the linked packages, and in every folder between
// them and the module's own: a copy of other people's code often has a license of
// its own.
func files(m linked.Module) (licenses, notices []File, err error) {
	folders := map[string]bool{m.Dir: true}
	for _, dir := range m.Dirs {
		for ; strings.HasPrefix(dir, m.Dir+string(filepath.Separator)); dir = filepath.Dir(dir) {
			folders[dir] = true
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return nil, nil, fmt.Errorf("its files are not there (go mod download fetches them): %w", err)
		}
		for _, e := range entries {
			isLicense, isNotice := kind(e.Name())
			if !e.Type().IsRegular() || !isLicense && !isNotice {
				continue
			}
			text, err := os.ReadFile(filepath.Join(folder, e.Name()))
			if err != nil {
				return nil, nil, err
			}
			name, err := filepath.Rel(m.Dir, filepath.Join(folder, e.Name()))
			if err != nil {
				return nil, nil, err
			}
			f := File{Name: filepath.ToSlash(name), Text: strings.ToValidUTF8(string(text), "?")}
			if isLicense {
				licenses = append(licenses, f)
			} else {
				notices = append(notices, f)
			}
		}
	}
	return licenses, notices, nil
}

// kind tells by a file's name whether it holds a license, or a notice that the
// license (Apache-2.0 section 4d) or good manners want passed on.
func kind(name string) (isLicense, isNotice bool) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".go", ".csv", ".json", ".yml", ".yaml": // code and lists about licenses
		return false, false
	}
	stem := strings.ToLower(name)
	if i := strings.IndexAny(stem, "._-"); i >= 0 {
		stem = stem[:i]
	}
	switch stem {
	case "license", "licence", "licenses", "licences", "copying", "unlicense":
		return true, false
	case "notice", "notices", "patents", "copyright":
		return false, true
	}
	return false, false
}
