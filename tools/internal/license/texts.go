package license

import (
	"fmt"
	"slices"
	"strings"
)

// Texts is the file that goes with a binary: which modules it is made of, under
// which licenses, and their texts, each once, after the names of its modules.
func Texts(modules []Module) string {
	var out strings.Builder
	out.WriteString("The commands in this archive are made of these modules besides our own.\n\n")
	for _, m := range modules {
		fmt.Fprintf(&out, "%s %s: %s\n", m.Path, m.Version, strings.Join(m.Licenses, ", "))
	}
	holders := map[string][]string{}
	var texts []string // in the order in which they are met, so that it is always one
	for _, m := range modules {
		for _, f := range m.Files {
			if _, ok := holders[f.Text]; !ok {
				texts = append(texts, f.Text)
			}
			holders[f.Text] = append(holders[f.Text], m.Path+" "+m.Version+", "+f.Name)
		}
	}
	for _, text := range texts {
		out.WriteString("\n" + strings.Repeat("=", 80) + "\n")
		slices.Sort(holders[text])
		for _, h := range holders[text] {
			out.WriteString(h + "\n")
		}
		out.WriteString(strings.Repeat("-", 80) + "\n" + strings.TrimRight(text, "\n") + "\n")
	}
	return out.String()
}
