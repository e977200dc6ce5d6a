package tail

import (
	"context"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/attrs"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// Files follows files, over rotation, from where it stood when it last stopped.
//
// A line waits for its end. The last line of a file is handed out without one
// as soon as it is a complete JSON object; any other stays where it is until
// its end is written.
//
// Origin.ID is a hash of device, inode and time of birth (on Linux; elsewhere
// of less), and of how often the file began anew by being truncated. It is
// looked up under the file's path when its first lines are read, and kept with
// the position from then on, also over renames. One race remains: where another
// file takes the path's place between the opening of a file and its first
// lines, the two get IDs of the same inode. They are of different generations
// and so still tell the files apart, but should the collector crash before the
// position is saved, the same lines may have another ID when read again.
type Files struct {
	manager     *fileconsumer.Manager
	handle      Handler
	maxLineSize int
	checkpoints *checkpoints
	origins     *origins
	started     bool
}

// NewFiles prepares to follow the files of cfg; reading begins with Start.
func NewFiles(cfg FilesConfig, set component.TelemetrySettings, handle Handler) (*Files, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	f := &Files{handle: handle, maxLineSize: cfg.MaxLineSize, origins: &origins{}}
	f.checkpoints = &checkpoints{origins: f.origins}
	var err error
	f.manager, err = cfg.consumerConfig().Build(set, f.emit, fileconsumer.WithSplitFunc(splitLines))
	return f, err
}

// Start begins to read. Positions are kept in client; where it is nil, in
// memory only. The caller closes it, after Shutdown.
func (f *Files) Start(ctx context.Context, client storage.Client) error {
	var persister operator.Persister // nil, and not a nil *checkpoints
	if client != nil {
		persister = f.checkpoints
		f.checkpoints.client = client
		table, err := client.Get(ctx, originsKey)
		if err != nil {
			return fmt.Errorf("read the file generations: %w", err)
		}
		if err := f.origins.load(table); err != nil {
			return err
		}
	}
	if err := f.manager.Start(persister); err != nil {
		return err
	}
	f.started = true
	return nil
}

// Shutdown ends reading: handlers have their ctx done, and when the last of
// them has returned the positions are saved. For that it waits as long as ctx
// lasts; then it saves none, and an error says so. It does nothing unless Start
// succeeded, and may be called twice.
func (f *Files) Shutdown(ctx context.Context) error {
	if !f.started {
		return nil // to stop would save an empty list over positions that could not be read
	}
	f.started = false
	stopped := make(chan struct{})
	var err error
	go func() {
		defer close(stopped)
		err = f.manager.Stop()
	}()
	if abandoned := awaitEnd(ctx, stopped, &f.checkpoints.refused); abandoned != nil {
		return abandoned
	}
	return err
}

// emit is fileconsumer's callback: offsets[i] is where token i begins.
func (f *Files) emit(ctx context.Context, tokens [][]byte, attributes map[string]any, _ int64, offsets []int64) error {
	if f.checkpoints.refused.Load() {
		return nil // fileconsumer would only log an error
	}
	l := &Lines{Lines: make([]Line, 0, len(tokens)), Bytes: offsets[len(tokens)] - offsets[0]}
	l.Origin.Name, _ = attributes[attrs.LogFileName].(string)
	l.Origin.Path, _ = attributes[attrs.LogFilePath].(string)

	pos, known := positionOf(attributes)
	if !known || offsets[0] < pos.next { // a new file, or one that was truncated
		pos = position{id: f.origins.claim(identify(l.Origin.Path))}
	}
	l.Origin.ID = pos.id
	for i, token := range tokens {
		pos.in = f.add(l, token, offsets[i], pos.in)
	}
	if taken := f.handle(ctx, l) == nil; !taken {
		f.checkpoints.refused.Store(true)
		return nil
	}
	// The map is this file's own, and read only between polls.
	pos.next = offsets[len(tokens)]
	attributes[positionKey] = pos.String()
	return nil
}

// add adds the token's line, if it is one, and returns where in a line its end is.
func (f *Files) add(l *Lines, token []byte, offset int64, in lineState) lineState {
	ended := token[len(token)-1] == '\n'
	text, truncated := trimEnd(token, f.maxLineSize)
	switch {
	case in == inLongLine && ended:
		return atLineStart
	case in == inLongLine:
		return inLongLine
	case in == beforeLineEnd && ended && len(text) == 0:
		return atLineStart
	}
	l.Lines = append(l.Lines, Line{Text: text, Offset: offset, Truncated: truncated})
	switch {
	case ended:
		return atLineStart
	case truncated:
		return inLongLine
	default:
		return beforeLineEnd
	}
}
