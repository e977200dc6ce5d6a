// Command eventsdoc writes docs/events.md, and the tables of docs/policies.md,
// from the profiles and presets that are compiled in.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

//go:generate go run . -events ../../docs/events.md -policies ../../docs/policies.md

func main() {
	events := flag.String("events", "docs/events.md", "the file to write")
	policies := flag.String("policies", "docs/policies.md", "the file in which to write the tables anew")
	flag.Parse()
	if err := run(*events, *policies); err != nil {
		log.Fatal(err)
	}
}

func run(events, policies string) error {
	known := authevent.Known()
	if err := os.WriteFile(events, page(known), 0o644); err != nil {
		return err
	}
	frame, err := os.ReadFile(policies)
	if err != nil {
		return err
	}
	filled, err := fill(frame, policyTables(known))
	if err != nil {
		return err
	}
	return os.WriteFile(policies, filled, 0o644)
}
