// Command metricsdoc writes docs/metrics.md from the built-in catalogue.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

//go:generate go run . -metrics ../../docs/metrics.md

func main() {
	file := flag.String("metrics", "docs/metrics.md", "the file to write")
	flag.Parse()
	text, err := page(catalogue.Builtin())
	if err == nil {
		err = os.WriteFile(*file, text, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}
