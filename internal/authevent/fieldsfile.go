package authevent

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// fieldsSuffix ends the names of files that are no profile but the fields of
// one, as the key pii has them, in groups:
//
//   - under: ["", /data]
//     identity: [/user_id]
//
// says the same as pii: {identity: [/user_id, /data/user_id]}. Sources have
// hundreds of fields at one place, or each at two.
const fieldsSuffix = "_fields.yaml"

// readFields reads such a file into the value of pii.
func readFields(files fs.FS, file string) (map[string][]string, error) {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, err
	}
	var groups []map[string][]string
	if err := yaml.Unmarshal(text, &groups); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	byKind := map[string][]string{}
	for i, group := range groups {
		if len(group["under"]) == 0 {
			return nil, fmt.Errorf("%s[%d].under: is missing: give the pointers before those of the group", file, i)
		}
		for _, kind := range slices.Sorted(maps.Keys(group)) {
			if kind == "under" {
				continue
			}
			list := byKind[kind]
			for _, under := range group["under"] {
				for _, pointer := range group[kind] {
					list = append(list, under+pointer)
				}
			}
			byKind[kind] = list
		}
	}
	return byKind, nil
}
