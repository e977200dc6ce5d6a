// Package profiles is authctl profile: it drafts a profile for the lines of an
// unknown source, and says how far a profile covers a sample.
package profiles

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// New makes the command profile.
func New() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "Drafts a profile for an unknown source, and tests one on a sample",
		Long: `profile is for a source that otelcol-auth does not know: draft proposes a profile from its
lines, and test says how far a profile covers a sample. docs/profiles.md has the format.`,
		Example: `  authctl profile draft --name acme <sample.ndjson >acme.yaml
  authctl profile test acme.yaml sample.ndjson`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newDraftCommand(), newTestCommand())
	return cmd
}

func newDraftCommand() *cobra.Command {
	var (
		name       string
		most       int
		asJSON     bool
		showValues bool
	)
	cmd := &cobra.Command{
		Use:   "draft [SAMPLE]",
		Short: "Proposes a profile for the lines of an unknown source",
		Long: `draft reads JSON lines of a source that no profile knows, from a file or standard
input, compressed with gzip or not, and proposes one: where the time, the event's
name, the outcome, ids and addresses are, and what personal data each field holds.
It is YAML for the receiver's key profiles. A comment says of each choice how many
lines have the field, how many values look right, and how sure that makes it.
docs/profiles.md explains the keys. Where a built-in profile knows the events, as of
a fork or another release of its IdP, their names, categories and outcomes are taken
from it.

It is a draft. Look above all at the kinds under pii: no look at a value finds the
name of a person. What nothing tells of is text, not public.

Nothing of the sample's values is shown but names of events, outcomes, and what
tells this source's lines from others'. --show-values adds examples to the comments.`,
		Example: `  authctl profile draft --name acme <sample.ndjson >acme.yaml
  authctl profile draft --json sample.ndjson`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if most < 1 {
				return fmt.Errorf("--lines: must be at least 1 (got %d)", most)
			}
			file, err := input.Name(args)
			if err != nil {
				return err
			}
			var r *Drafted
			meter := input.Meter(cmd.ErrOrStderr(), cmd.InOrStdin(), file)
			meter.Most(most)
			err = input.Read(cmd.Context(), cmd.InOrStdin(), file, meter, func(in *input.Input) (err error) {
				r, err = draftOf(in, name, most, showValues, authevent.Known())
				meter.Done()
				return err
			})
			if err != nil {
				return err
			}
			if asJSON {
				return output.JSON(cmd.OutOrStdout(), r)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), r.header()+r.YAML)
			return err
		},
	}
	cmd.Flags().StringVar(&name, "name", "my_idp", "the profile's name: letters, digits and underscores")
	cmd.Flags().IntVar(&most, "lines", 10_000, "how many lines to look at, 32 MiB at most; they are kept in memory")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&showValues, "show-values", false, "show values of the sample, which may be personal")
	return cmd
}

// Drafted is what draft prints.
type Drafted struct {
	Lines int `json:"lines"` // JSON objects that were looked at
	// Taken counts those that the draft's own parser takes.
	Taken int `json:"taken"`
	// NotObjects counts lines that are none.
	NotObjects int `json:"not_objects"`
	// OneUser: all lines that name a user name the same.
	OneUser bool `json:"one_user,omitempty"`
	// Missing are what nearly every source has, and the draft did not find.
	Missing []string `json:"missing,omitempty"`
	Choices []Choice `json:"choices"`
	Fields  []Class  `json:"fields"`
	YAML    string   `json:"yaml"`
	// BuiltIn is the profile whose names of events these are, if any.
	BuiltIn *BuiltIn `json:"built_in,omitempty"`
	// Cut says that there was more than is kept in memory.
	Cut     bool `json:"cut,omitempty"`
	refused int
}

// BuiltIn is what a built-in profile has to do with a sample.
type BuiltIn struct {
	Profile string `json:"profile"`
	Taken   int    `json:"taken"` // lines that it takes as it is
	Known   int    `json:"known"` // lines whose event it knows
}

// Choice is a place that the draft reads.
type Choice struct {
	For        string  `json:"for"` // a key of the profile, or an attribute
	Place      string  `json:"place"`
	Lines      int     `json:"lines"`
	Fit        float64 `json:"fit"` // 0 to 1
	Confidence string  `json:"confidence"`
}

// Class is a field and its kind.
type Class struct {
	Field string `json:"field"`
	Kind  string `json:"kind"`
	Doubt bool   `json:"doubt,omitempty"`
	Lines int    `json:"lines"`
}

// maxSample bounds what is kept of a sample, in bytes: of long lines fewer than --lines
// are enough.
const maxSample = 32 << 20

// errEnough ends the reading of a sample.
var errEnough = errors.New("enough lines")

// draftOf drafts a profile. profiles are the built-in ones whose names of events may
// be taken over.
func draftOf(in io.Reader, name string, most int, showValues bool, profiles []authevent.ProfileInfo) (*Drafted, error) {
	var found fields
	size, cut := 0, false
	err := sample.Lines(in, func(line authevent.Line) error {
		if found.lines+found.text >= most {
			return errEnough
		}
		if size += len(line.Text); size > maxSample {
			cut = true
			return errEnough
		}
		found.add(slices.Clone(line.Text))
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	if found.lines == 0 {
		return nil, fmt.Errorf("the sample has no JSON object among its %d lines: give JSON lines on standard input", found.text)
	}
	d := newDraft(name, &found, profiles)
	if len(d.match) == 0 {
		return nil, errors.New("the sample has no field by which its lines could be recognised")
	}
	text := d.yaml(showValues)
	parser, _, _, err := parserOf([]byte(text), name)
	if err != nil {
		return nil, fmt.Errorf("the draft: %w", err)
	}
	r := &Drafted{Lines: d.lines, Taken: taken(parser, found.objects), NotObjects: d.text, YAML: text, Cut: cut, Choices: []Choice{}, Fields: []Class{}, refused: d.refused}
	if d.knows != nil {
		r.BuiltIn = &BuiltIn{d.knows.profile, d.knows.taken, d.knows.lines}
	}
	for _, c := range slices.Concat(d.names, d.time, d.outcome, d.errors, d.attributes) {
		r.Choices = append(r.Choices, Choice{c.role, c.field.pointer, len(c.field.lines), c.fits, c.confidence(d.lines)})
	}
	r.OneUser, r.Missing = d.isOfOneUser(), d.missing()
	for _, c := range d.classes {
		r.Fields = append(r.Fields, Class{c.pointer, c.kind.String(), c.doubt, c.lines})
	}
	return r, nil
}

// header is the comment above the draft.
func (r *Drafted) header() string {
	head := fmt.Sprintf("# A draft by authctl profile draft, from %d lines, of which it takes %d.\n", r.Lines, r.Taken)
	if r.NotObjects > 0 {
		head += fmt.Sprintf("# %d further lines are no JSON objects.\n", r.NotObjects)
	}
	if r.Cut {
		head += fmt.Sprintf("# The sample is longer than %d MiB: what is behind was not looked at.\n", maxSample>>20)
	}
	if r.refused > 0 {
		head += fmt.Sprintf("# %d values stand in more fields than are looked at (%d).\n", r.refused, maxFields)
	}
	if b := r.BuiltIn; b != nil {
		head += fmt.Sprintf("# The built-in profile %s takes %d of the lines, and knows the events of %d: their names are from it.\n", b.Profile, b.Taken, b.Known)
		if b.Taken == r.Lines {
			head += "# No profile is needed for them, unless it is to say something else.\n"
		}
	}
	if r.OneUser {
		head += "# All lines are of one user: nothing tells that user's own values from what many share. Take lines of several.\n"
	}
	if len(r.Missing) > 0 {
		head += fmt.Sprintf("# Not found: %s. If the lines have it, add its place.\n", strings.Join(r.Missing, ", "))
	}
	return head + "# Each choice says: confidence: how many lines have it, how many values fit.\n"
}
