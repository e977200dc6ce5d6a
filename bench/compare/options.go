package main

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
)

// noFilter is the value of a flag that leaves nothing out.
const noFilter = "all"

// options are the flags.
type options struct {
	root, out             string
	loginGov, hera, check int
	runs                  int
	source, row, flatness string
	postgres              bool
}

// source is an identity provider whose lines the generator makes.
type source struct {
	key, name string
	lines     int
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.StringVar(&o.root, "root", "..", "the project's folder, with _build/otelcol-bench")
	flags.StringVar(&o.out, "out", "", "a folder for results.md and agreement.md")
	flags.IntVar(&o.loginGov, "login_gov", 500_000, "lines of Login.gov")
	flags.IntVar(&o.hera, "hera", 1_000_000, "lines of Hera")
	flags.IntVar(&o.check, "check", 2_000, "how many of the lines the two sides' outputs are compared on, field by field")
	flags.IntVar(&o.runs, "runs", 3, "how often each pair is run")
	flags.StringVar(&o.source, "source", noFilter, "whose lines: hera, login_gov")
	flags.StringVar(&o.row, "row", noFilter, "which pipeline: receive, scrub, count, everything, send")
	flags.StringVar(&o.flatness, "flatness", noFilter, "what changes of the input, with our pipeline: files, users, noise, lines, none")
	flags.BoolVar(&o.postgres, "postgres", true, "measure rows a second into Postgres as well")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	var errs []error
	if flags.NArg() > 0 {
		errs = append(errs, fmt.Errorf("takes flags only (got %q)", flags.Arg(0)))
	}
	if min(o.loginGov, o.hera, o.check, o.runs) < 1 {
		errs = append(errs, errors.New("-login_gov, -hera, -check and -runs must be at least 1"))
	}
	if len(o.sources()) == 0 {
		errs = append(errs, fmt.Errorf("-source must be hera, login_gov or all (got %q)", o.source))
	}
	if len(o.rows()) == 0 {
		errs = append(errs, fmt.Errorf("-row must be receive, scrub, count, everything, send or all (got %q)", o.row))
	}
	if len(o.dimensions(1)) == 0 && o.flatness != "none" {
		errs = append(errs, fmt.Errorf("-flatness must be files, users, noise, lines, all or none (got %q)", o.flatness))
	}
	root, err := filepath.Abs(o.root)
	o.root = root
	return o, errors.Join(append(errs, err)...)
}

func (o *options) sources() []source {
	return keep([]source{{"login_gov", "Login.gov", o.loginGov}, {"hera", "Hera", o.hera}}, o.source, func(s source) string { return s.key })
}

func (o *options) rows() []row {
	return keep(rows, o.row, func(r row) string { return string(r.key) })
}

func (o *options) dimensions(lines int) []dimension {
	return keep(dimensions(lines), o.flatness, func(d dimension) string { return d.key })
}

// keep returns those whose key is asked for.
func keep[T any](values []T, key string, of func(T) string) []T {
	return slices.DeleteFunc(slices.Clone(values), func(v T) bool { return key != noFilter && of(v) != key })
}
