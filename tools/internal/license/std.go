package license

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"github.com/authevents/otelcol-auth/tools/internal/linked"
)

// StandardLibrary is Go's own, which every command links: of the Go that the go
// command is.
func StandardLibrary(ctx context.Context) (linked.Module, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOROOT").Output()
	if err != nil {
		return linked.Module{}, fmt.Errorf("go env: %w", err)
	}
	version, root, ok := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if !ok {
		return linked.Module{}, fmt.Errorf("go env GOVERSION GOROOT: want two lines (got %q)", out)
	}
	return linked.Module{Path: "std", Version: version, Dir: root}, nil
}
