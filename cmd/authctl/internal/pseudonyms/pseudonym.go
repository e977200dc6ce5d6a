package pseudonyms

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// NewPseudonym makes the command pseudonym.
func NewPseudonym() *cobra.Command {
	var (
		uris   []string
		kind   string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "pseudonym -c collector.yaml --kind identity|email|ip VALUE",
		Short: "What stands for a value at each destination, with a query for it",
		Long: `pseudonym says what leaves in place of a value: for each pii_scrub of the
configuration, under each key that is not ended, and under each of its rules that
makes something else of it. With each text comes a query for Loki, Datadog,
Honeycomb, CloudWatch Logs Insights and the table security_audit.

So support finds a user, and a request of a data subject is met, at a vendor that
never had the identity. Keys are read as the collector reads them: from the
environment or the files that the configuration names.

Another kind has other pseudonyms: say what the value is, as the source's profile has
it. With - in place of VALUE it is read from standard input, and stands in no history
of a shell.`,
		Example: `  authctl pseudonym -c configs/loki.yaml --kind identity 7c9e6679-7425-40de-944b-e07fc1f90ae7
  authctl pseudonym -c configs/loki.yaml --kind email --json - <address.txt`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			k, value, err := asked(cmd.InOrStdin(), kind, args[0])
			if err != nil {
				return err
			}
			if other := looksLike(value); other != k && other != pii.None && !cmd.Flags().Changed("kind") {
				return fmt.Errorf("the value looks like one of kind %s: say --kind %s, or --kind identity where it is the user's id", other, other)
			}
			cfg, err := collector.Load(cmd.Context(), uris...)
			if err != nil {
				return err
			}
			list, err := allLeavings(cfg, k, value, time.Now())
			if err != nil {
				return err
			}
			if asJSON {
				return output.JSON(cmd.OutOrStdout(), list)
			}
			return printLeavings(cmd.OutOrStdout(), list)
		},
	}
	cmd.Flags().StringArrayVarP(&uris, "config", "c", nil, "the collector's configuration, as its --config takes it; may be repeated")
	cmd.Flags().StringVar(&kind, "kind", "identity", "what the value is: identity, email or ip")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	_ = cmd.MarkFlagRequired("config")
	_ = cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions([]string{"identity", "email", "ip"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// maxValue bounds a value that is read, in bytes.
const maxValue = 64 << 10

// asked reads what is asked for. No error quotes the value.
func asked(in io.Reader, kind, value string) (pii.Kind, string, error) {
	k, err := pii.ParseKind(kind)
	if _, ok := attributeOf[k]; err != nil || !ok {
		return k, "", fmt.Errorf("--kind: there are pseudonyms of identity, email and ip (got %q)", kind)
	}
	if value == "-" {
		text, err := io.ReadAll(io.LimitReader(in, maxValue+1))
		if err != nil {
			return k, "", fmt.Errorf("standard input: %w", err)
		}
		value = strings.TrimRight(string(text), "\r\n")
		if strings.ContainsAny(value, "\r\n") || len(value) > maxValue {
			return k, "", fmt.Errorf("standard input: has more than one line, or more than %d bytes: give one value at a time", maxValue)
		}
	}
	if value == "" {
		return k, "", errors.New("the value is empty: give it as the argument, or on standard input with -")
	}
	if _, err := netip.ParseAddr(value); k == pii.IP && err != nil {
		return k, "", errors.New("the value is no IP address: write 198.51.100.7 or 2001:db8::7")
	}
	return k, value, nil
}

// looksLike is what a value may be that was not said to be anything: another kind has
// other pseudonyms, and a query for the wrong one finds nothing.
func looksLike(value string) pii.Kind {
	if _, err := netip.ParseAddr(value); err == nil {
		return pii.IP
	}
	if spans := detect.Find(nil, value); len(spans) == 1 && spans[0].Kind == pii.Email && spans[0].Start == 0 && spans[0].End == len(value) {
		return pii.Email
	}
	return pii.None
}

func allLeavings(cfg *collector.Config, kind pii.Kind, value string, now time.Time) ([]Leaving, error) {
	scrubbers, err := scrubbersOf(cfg)
	if err != nil {
		return nil, err
	}
	var list []Leaving
	for _, s := range scrubbers {
		of, err := s.leavings(kind, value, now)
		if err != nil {
			return nil, err
		}
		list = append(list, of...)
	}
	return list, nil
}

func printLeavings(out io.Writer, list []Leaving) error {
	var b strings.Builder
	for i, l := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s in %s", l.Scrubber, strings.Join(l.Pipelines, ", "))
		for _, part := range []struct{ name, value string }{{"key", l.KeyID}, {"context", l.Context}, {"rule", l.Rule}} {
			if part.value != "" {
				fmt.Fprintf(&b, ", %s %s", part.name, part.value)
			}
		}
		switch {
		case l.AsItIs:
			fmt.Fprintf(&b, "\n  %s: it leaves as it is (%s): look for the value itself\n", l.Attribute, l.Action)
		case l.Text == "":
			fmt.Fprintf(&b, "\n  %s: nothing leaves that tells one value from another (%s)\n", l.Attribute, l.Action)
		default:
			fmt.Fprintf(&b, "\n  %s: %s (%s)\n", l.Attribute, l.Text, l.Action)
			for _, q := range l.Queries {
				fmt.Fprintf(&b, "    %-11s %s\n", q.Destination, q.Query)
			}
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}
