package retrystatus

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/authevents/otelcol-auth/extension/retrystatus/internal/metadata"
)

// NewFactory returns the factory of the retry_status extension.
func NewFactory() extension.Factory {
	return extension.NewFactory(
		metadata.Type,
		createDefaultConfig,
		create,
		metadata.ExtensionStability,
	)
}

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return newMiddleware(set, cfg.(*Config))
}
