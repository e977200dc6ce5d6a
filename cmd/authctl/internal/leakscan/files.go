package leakscan

import (
	"context"
	"errors"
	"io"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
)

// probe is how much of a file is looked at to tell what it is.
const probe = 64 << 10

// files looks through files in turn; - is standard input.
func (s *scanner) files(ctx context.Context, in io.Reader, names []string) error {
	var errs []error
	for _, name := range names {
		s.report.result.Files++
		errs = append(errs, input.Read(ctx, in, name, s.meter, func(opened *input.Input) error {
			if name == input.Stdin {
				return opened.Named(s.file(ctx, "stdin", opened))
			}
			return opened.Named(s.file(ctx, name, opened))
		}))
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

// file looks through a file. One that can't be read as text would come out as free
// of personal data.
func (s *scanner) file(ctx context.Context, name string, in *input.Input) error {
	if head, _ := in.Peek(probe); len(head) > 0 {
		if err := isText(head); err != nil {
			return err
		}
	}
	return s.lines(ctx, name, in.Reader)
}
