// Command dashboards writes dashboards/*.json: what Grafana shows of the
// catalogue's metrics and of the collector's own.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"log"
	"os"
	"path/filepath"

	"github.com/authevents/otelcol-auth/internal/dashboards/grafana"
	"github.com/authevents/otelcol-auth/internal/dashboards/series"
)

//go:generate go run . -root ../..

func main() {
	root := flag.String("root", ".", "the project's folder")
	flag.Parse()
	if err := write(*root); err != nil {
		log.Fatal(err)
	}
}

func write(root string) error {
	names, err := series.Load(context.Background(), root)
	if err != nil {
		return err
	}
	boards, err := all(names)
	if err != nil {
		return err
	}
	for _, d := range boards {
		text, err := encode(d)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(root, "dashboards", d.UID+".json"), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// encode writes a dashboard as Grafana's export does, with < and > as they are.
func encode(d grafana.Dashboard) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(d)
	return b.Bytes(), err
}
