// Command eventsdoc writes docs/events.md from the profiles that are compiled in.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

//go:generate go run . -out ../../docs/events.md

func main() {
	out := flag.String("out", "docs/events.md", "the file to write")
	flag.Parse()
	if err := os.WriteFile(*out, page(authevent.Known()), 0o644); err != nil {
		log.Fatal(err)
	}
}
