package ingest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/multierr"
)

func TestIsPermanent(t *testing.T) {
	again := errors.New("again")
	never := consumererror.NewPermanent(errors.New("never"))
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"nothing":                   {nil, false},
		"again":                     {again, false},
		"never":                     {never, true},
		"never, wrapped":            {fmt.Errorf("exporter: %w", never), true},
		"never, marked downstream":  {consumererror.NewDownstream(never), true},
		"never, with data":          {consumererror.NewLogs(never, plog.NewLogs()), true},
		"joined never":              {errors.Join(never, never), true},
		"joined never and again":    {errors.Join(never, again), false},
		"joined again and never":    {errors.Join(again, never), false},
		"multierr never":            {multierr.Combine(never, never), true},
		"multierr again and never":  {multierr.Combine(again, never), false},
		"two verbs":                 {fmt.Errorf("%w, %w", never, again), false},
		"nested":                    {fmt.Errorf("fanout: %w", errors.Join(never, errors.Join(never, again))), false},
		"nested never":              {fmt.Errorf("fanout: %w", errors.Join(never, multierr.Combine(never, never))), true},
		"marked never as a whole":   {consumererror.NewPermanent(errors.Join(again, never)), true},
		"retryable around nothing":  {consumererror.NewRetryableError(again), false},
		"never under another error": {errors.Join(fmt.Errorf("a: %w", never), consumererror.NewDownstream(never)), true},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, test.want, isPermanent(test.err)) })
	}
}
