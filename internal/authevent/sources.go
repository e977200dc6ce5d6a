package authevent

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// compiledProfiles are profiles, in the order in which they are tried, over one
// trie. They are immutable.
type compiledProfiles struct {
	trie     *trie
	profiles []*compiled
}

// compiledBuiltIn returns all built-in profiles. They are compiled once: a config
// is checked before a component is made of it, and there may be several.
var compiledBuiltIn = sync.OnceValues(func() (compiledProfiles, error) {
	profiles, err := builtIn()
	if err != nil {
		return compiledProfiles{}, err
	}
	return compileSet(profiles)
})

// compile compiles the profiles that o asks for, and checks its other options, so
// that all that is wrong is in one error.
func (o *Options) compile() (compiledProfiles, error) {
	if len(o.Profiles) == 0 && o.Source == SourceAuto && o.Body.check() == nil {
		return compiledBuiltIn()
	}
	all, decoding := allProfiles(o.Profiles)
	used, unknown := limited(all, *o)
	checked := all // also those that Source leaves out may be wrong
	if len(o.Profiles) == 0 {
		checked = used
	}
	out, err := compileSet(checked)
	if err = errors.Join(unknown, o.Body.check(), decoding, err); err != nil {
		return compiledProfiles{}, err
	}
	if len(used) < len(checked) { // without the places of the others
		return compileSet(used)
	}
	return out, nil
}

func compileSet(profiles []*profile) (compiledProfiles, error) {
	t, out, err := compileProfiles(profiles)
	return compiledProfiles{trie: t, profiles: out}, err
}

// limited returns the profiles that Source leaves.
func limited(all []*profile, o Options) ([]*profile, error) {
	if o.Source == SourceAuto {
		return all, nil
	}
	i := slices.IndexFunc(all, func(p *profile) bool { return p.Name == o.Source })
	if i >= 0 {
		return all[i : i+1], nil
	}
	if _, mistaken := o.Profiles[o.Source]; mistaken { // it was not decoded, which is an error of its own
		return nil, nil
	}
	known := slices.Sorted(slices.Values(names(all)))
	return nil, fmt.Errorf("source: unknown source %q: use %s or %s", o.Source, SourceAuto, strings.Join(known, ", "))
}

// allProfiles returns a user's profiles and, behind them, the built-in ones
// that they do not replace.
func allProfiles(byName map[string]any) ([]*profile, error) {
	shipped, err := builtIn()
	if err != nil {
		return nil, err
	}
	profiles, err := userProfiles(byName)
	for _, p := range shipped {
		if _, replaced := byName[p.Name]; !replaced {
			profiles = append(profiles, p)
		}
	}
	return profiles, err
}
