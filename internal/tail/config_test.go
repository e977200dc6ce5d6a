package tail

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

func TestFilesConfigInvalid(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*FilesConfig)
		message string
	}{
		{"nothing", func(c *FilesConfig) { c.Include = nil }, "no files to include"},
		{"a bad glob", func(c *FilesConfig) { c.Include = []string{"[a"} }, "include: parse glob"},
		{"no interval", func(c *FilesConfig) { c.PollInterval = 0 }, "the poll interval must be positive"},
		{"no file", func(c *FilesConfig) { c.MaxConcurrentFiles = 0 }, "the number of concurrent files must be positive"},
		{"short lines", func(c *FilesConfig) { c.MaxLineSize = MinLineSize - 1 }, "the maximum line size is too small"},
		{"an order", func(c *FilesConfig) { c.OrderBy = "size" }, `unknown order "size": use mtime or name`},
		{"a checkpoint interval", func(c *FilesConfig) { c.CheckpointInterval = -1 }, "must not be negative"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg := testConfig("a.log")
			require.NoError(t, cfg.Validate())
			test.change(&cfg)
			_, err := NewFiles(cfg, zap.NewNop(), func(Origin) Handler { return refuse })
			assert.ErrorContains(t, err, test.message)
		})
	}
}
