package piiguard

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/confmap"
)

// guard is the converter. It holds nothing.
type guard struct{}

// Convert fails if events reach an exporter unscrubbed, and names every such
// path at once, in a fixed order. It takes trusted_destinations out of conf,
// since the collector knows no such key. Nothing else of conf is changed, and
// no value of a component's settings stands in the error.
func (guard) Convert(_ context.Context, conf *confmap.Conf) error {
	cfg, err := read(conf)
	conf.Delete(trustedKey)
	if err != nil {
		return err
	}
	trusted, errs := cfg.trusted()
	for _, p := range unscrubbed(cfg) {
		if !trusted[p.exporter] {
			errs = append(errs, p.err())
		}
	}
	return errors.Join(errs...)
}
