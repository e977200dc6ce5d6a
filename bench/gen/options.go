package main

import (
	"errors"
	"fmt"
	"time"
)

// options say which lines to generate.
type options struct {
	hera, loginGov bool
	lines          int
	seed           uint64
	users          int
	// ipv4, noise and duplicates are shares, 0 to 1.
	ipv4, noise, duplicates float64
	start                   time.Time
	rate                    float64
}

func defaultOptions() options {
	return options{
		hera:     true,
		loginGov: true,
		lines:    1000,
		seed:     1,
		users:    200,
		ipv4:     0.8,
		// A fixed time, so that the same flags give the same bytes.
		start: time.Date(2026, 8, 21, 8, 0, 0, 0, time.UTC),
		rate:  10,
	}
}

func (o *options) setSource(s string) error {
	switch s {
	case "hera", "login_gov", "mixed":
		o.hera, o.loginGov = s != "login_gov", s != "hera"
		return nil
	}
	return errors.New("must be hera, login_gov or mixed")
}

func (o *options) validate() error {
	var errs []error
	if o.lines < 0 {
		errs = append(errs, fmt.Errorf("-n must not be negative (got %d)", o.lines))
	}
	if o.users < 1 {
		errs = append(errs, fmt.Errorf("-users must be positive (got %d)", o.users))
	}
	if !(o.rate > 0) { // refuses NaN as well
		errs = append(errs, fmt.Errorf("-rate must be positive (got %g)", o.rate))
	}
	for _, share := range []struct {
		flag  string
		value float64
	}{{"-ipv4", o.ipv4}, {"-noise", o.noise}, {"-duplicates", o.duplicates}} {
		if !(share.value >= 0 && share.value <= 1) {
			errs = append(errs, fmt.Errorf("%s must be a share between 0 and 1 (got %g)", share.flag, share.value))
		}
	}
	return errors.Join(errs...)
}
