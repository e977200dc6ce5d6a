package tail

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/matcher"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

// Files follows files, over rotation, from where it stood when it last stopped.
//
// A line waits for its end. The last line of a file is handed out without one
// as soon as it is a complete JSON object, or when nothing can follow.
//
// At least once: a position is saved only for lines that a handler took. What
// was taken since the last save is read again after a crash, with the same
// Origin.ID and offset.
//
// A file is known by device, inode and time of birth, and the place in it by a
// digest of what stands before it. Where the place does not look as it did, the
// file was truncated, and begins anew as another generation. A file that was
// truncated and written again, byte for byte the same up to the place or
// beyond, can't be told from one that was not.
//
// A new file that begins as one that is gone, and has the same bytes before its
// position, is its copy, compressed or not, and takes over position and ID. Of
// two files that both exist each is read, be they alike or not; but one that is
// so far the same as another waits for that to be deleted or truncated: for two
// polls, or up to a minute while it is shorter, and for 10 s after the last change
// if it is compressed; and as long as the other's handler does not return, since
// nobody can see meanwhile what became of that one.
//
// Rotation: an open file is read to its end, also where it was renamed to what
// the patterns leave out, or deleted. Where the patterns include the new name, a
// file is found under it however often it is renamed. Where they do not, a file
// that comes and is renamed between two polls is never seen, and what is written
// to a renamed file is lost once it had nothing new for FilesConfig.GoneAfter,
// or where it was not among the last MaxConcurrentFiles that were read.
type Files struct {
	cfg        FilesConfig
	logger     *zap.Logger
	open       Opener
	matcher    *matcher.Matcher
	store      *store
	complaints *complaints
	buffers    buffers
	cutter     cutter
	copyWait   time.Duration
	begun      time.Time

	mu        sync.Mutex // guards the map against Progress
	followers map[fileKey]*follower

	// The poll loop's.
	polls         atomic.Int64 // how many were begun
	queue, long   fifo         // long: files with much to read
	reading, busy int          // turns that go on; busy: of files with much to read
	opened        int          // open files
	idle          *list.List   // of *follower: those that are open, the least recently read first
	pruned        time.Duration
	results       chan result

	cancel  context.CancelFunc
	stopped chan struct{} // closed when the poll loop and all turns have ended
	saver   chan struct{} // closed when no save comes any more
	once    sync.Once
}

// NewFiles prepares to follow the files of cfg; reading begins with Start.
func NewFiles(cfg FilesConfig, logger *zap.Logger, open Opener) (*Files, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	m, err := cfg.matcher()
	if err != nil {
		return nil, err
	}
	return &Files{
		cfg: cfg, logger: logger, open: open, matcher: m,
		store:      newStore(cfg.CheckpointLines, logger),
		complaints: newComplaints(logger),
		cutter:     cutter{maxSize: cfg.MaxLineSize, maxLines: min(maxLines, cfg.CheckpointLines)},
		copyWait:   defaultCopyWait,
		begun:      time.Now(),
		followers:  map[fileKey]*follower{},
		idle:       list.New(),
		results:    make(chan result, maxReading),
		stopped:    make(chan struct{}),
		saver:      make(chan struct{}),
	}, nil
}

// now is the time since Files was made. It does not follow the steps of a clock.
func (f *Files) now() time.Duration { return time.Since(f.begun) }

// Start begins to read. Positions are kept in client; where it is nil, in
// memory only. The caller closes it, after Shutdown. Of an error of
// sealed.ErrVersion see storageclient.Refused.
func (f *Files) Start(ctx context.Context, client storage.Client) error {
	if client != nil {
		if err := f.store.load(ctx, client); err != nil {
			return err
		}
	}
	ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(f.saver)
		f.store.run(ctx, f.cfg.CheckpointInterval)
	}()
	go func() {
		defer close(f.stopped)
		f.run(ctx)
	}()
	return nil
}

// saveTimeout is how long the last save may take where Shutdown's ctx is done.
const saveTimeout = 5 * time.Second

// Shutdown ends reading: handlers have their ctx done, and when the last of
// them has returned the positions are saved. For that it waits as long as ctx
// lasts; then an error says so, and the positions are saved without those of the
// files whose handlers have not returned. It does nothing unless Start
// succeeded, and may be called twice.
func (f *Files) Shutdown(ctx context.Context) error {
	if f.cancel == nil {
		return nil
	}
	var err error
	f.once.Do(func() {
		f.cancel()
		select {
		case <-f.stopped:
		case <-ctx.Done():
			err = errAbandoned
		}
		saveCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
		defer cancel()
		select {
		case <-f.saver:
			err = errors.Join(err, f.store.close(saveCtx))
		case <-saveCtx.Done():
			err = errors.Join(err, errors.New("the storage does not answer: positions were not saved"))
		}
	})
	return err
}
