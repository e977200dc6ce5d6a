package cli

import "github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"

// version is the collector's. A test holds it against builder-config.yaml.
const version = collector.Version
