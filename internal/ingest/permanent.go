package ingest

import (
	"reflect"

	"go.opentelemetry.io/collector/consumer/consumererror"
)

// isPermanent says whether sending again is useless. Where several components
// failed, that is so only if it is so for each of them: consumererror's own
// IsPermanent asks for one, and what the others would have taken would be lost.
func isPermanent(err error) bool {
	if reflect.TypeOf(err) == permanentType {
		return true
	}
	// This error by itself: errors.As would go down into its parts.
	switch err := any(err).(type) {
	case interface{ Unwrap() []error }: // errors.Join, multierr, fmt.Errorf with several %w
		parts := err.Unwrap()
		for _, part := range parts {
			if !isPermanent(part) {
				return false
			}
		}
		return len(parts) > 0
	case interface{ Unwrap() error }:
		inner := err.Unwrap()
		return inner != nil && isPermanent(inner)
	default:
		return false
	}
}

// permanentType tells an error that is marked permanent as a whole from one
// that has such an error among its parts.
var permanentType = reflect.TypeOf(consumererror.NewPermanent(nil))
