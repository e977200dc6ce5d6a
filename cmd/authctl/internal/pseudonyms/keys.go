package pseudonyms

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
)

// KeyState is what is to be said of a key, and nothing of its secret.
type KeyState struct {
	Scrubber string `json:"scrubber"`
	ID       string `json:"id"`
	// Role is "makes" for the key of new pseudonyms, "verifies" for one whose
	// pseudonyms are still known as such, and "ended".
	Role string `json:"role"`
	// File is where the secret is; empty where it stands in the configuration or
	// its environment.
	File string `json:"file,omitempty"`
	// Changed is when the file was written last, and AgeDays the whole days since.
	Changed      *time.Time `json:"changed,omitempty"`
	AgeDays      *int       `json:"age_days,omitempty"`
	Until        *time.Time `json:"until,omitempty"`
	DestroyAfter *time.Time `json:"destroy_after,omitempty"`
	// Secret is "there", "gone", or "unreadable".
	Secret string `json:"secret"`
	// Due says that the secret should be gone, and is not.
	Due bool `json:"due,omitempty"`
}

// closing stands below the list.
const closing = `
What stands under a pseudonym is still personal data, until the secret of its key is
destroyed: wherever it is kept, and in every backup.
`

// NewKeys makes the command keys.
func NewKeys() *cobra.Command {
	var (
		uris   []string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "keys -c collector.yaml",
		Short: "The keys of the pseudonyms: which makes them, which ended, which are to be destroyed",
		Long: `keys lists the keys of each pii_scrub of the configuration, and shows no secret. Of a
key in a file it says when that was written, how long ago that is, and whether it is
gone.

The exit code is 1 where a secret should have been destroyed (destroy_after), and is
still there.`,
		Example: `  authctl keys -c /etc/otelcol-auth/config.yaml
  authctl keys -c configs/loki.yaml --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := collector.Load(cmd.Context(), uris...)
			if err != nil {
				return err
			}
			scrubbers, err := scrubbersOf(cfg)
			if err != nil {
				return err
			}
			list := keyStates(scrubbers, time.Now())
			if asJSON {
				err = output.JSON(cmd.OutOrStdout(), list)
			} else {
				err = printKeys(cmd.OutOrStdout(), list)
			}
			for _, k := range list {
				if k.Due && err == nil {
					return output.ErrFound
				}
			}
			return err
		},
	}
	cmd.Flags().StringArrayVarP(&uris, "config", "c", nil, "the collector's configuration, as its --config takes it; may be repeated")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	_ = cmd.MarkFlagRequired("config")
	return cmd
}

func keyStates(scrubbers []*scrubber, now time.Time) []KeyState {
	list := []KeyState{}
	for _, s := range scrubbers {
		for i, key := range s.policy.Keys {
			k := KeyState{
				Scrubber: s.id.String(), ID: key.ID, Role: "verifies", File: s.config.Keys[i].SecretFile,
				Until: set(key.Until), DestroyAfter: set(key.DestroyAfter), Secret: "there",
			}
			switch {
			case i == 0:
				k.Role = "makes"
			case k.Until != nil && !now.Before(*k.Until):
				k.Role = "ended"
			}
			if k.File != "" {
				k.Changed, k.Secret = lookAt(k.File)
			}
			if k.Changed != nil {
				days := int(now.Sub(*k.Changed) / (24 * time.Hour))
				k.AgeDays = &days
			}
			k.Due = k.DestroyAfter != nil && !now.Before(*k.DestroyAfter) && k.Secret != "gone"
			list = append(list, k)
		}
	}
	return list
}

// set is nil for the zero time, which means none.
func set(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func lookAt(path string) (changed *time.Time, secret string) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "gone"
	case err != nil:
		return nil, "unreadable"
	}
	return set(info.ModTime().UTC().Truncate(time.Second)), "there"
}

func printKeys(out io.Writer, list []KeyState) error {
	var b strings.Builder
	scrubber := ""
	for _, k := range list {
		if k.Scrubber != scrubber {
			scrubber = k.Scrubber
			fmt.Fprintf(&b, "%s\n", scrubber)
		}
		fmt.Fprintf(&b, "  %-16s %s", k.ID, map[string]string{
			"makes":    "makes pseudonyms",
			"verifies": "makes none; its pseudonyms are known as such",
			"ended":    "ended; its pseudonyms are no longer known as such",
		}[k.Role])
		if k.Until != nil && k.Role == "verifies" {
			fmt.Fprintf(&b, " until %s", k.Until.Format(time.RFC3339))
		}
		b.WriteByte('\n')
		where := "in the configuration or its environment"
		if k.File != "" {
			where = "in " + k.File
		}
		switch {
		case k.Secret == "gone":
			fmt.Fprintf(&b, "  %-16s the secret is gone: %s does not exist\n", "", k.File)
		case k.Changed != nil:
			fmt.Fprintf(&b, "  %-16s the secret is %s, written %s, %d days ago\n", "", where, k.Changed.Format(time.RFC3339), *k.AgeDays)
		default:
			fmt.Fprintf(&b, "  %-16s the secret is %s (%s)\n", "", where, k.Secret)
		}
		if k.DestroyAfter != nil && k.Secret != "gone" {
			what := "is to be destroyed after"
			if k.Due {
				what = "DUE: should have been destroyed after"
			}
			fmt.Fprintf(&b, "  %-16s %s %s\n", "", what, k.DestroyAfter.Format(time.RFC3339))
		}
	}
	b.WriteString(closing)
	_, err := io.WriteString(out, b.String())
	return err
}
