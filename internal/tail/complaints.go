package tail

import (
	"sync"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// maxComplaints bounds the files whose trouble is remembered.
const maxComplaints = 1000

// complaints logs what is wrong with a file once, and again only after the file
// was in order, or when something else is wrong with it.
type complaints struct {
	logger *zap.Logger
	mu     sync.Mutex
	causes map[string]string // of a path
	silent int               // complaints that had no room
}

func newComplaints(logger *zap.Logger) *complaints {
	return &complaints{logger: logger, causes: map[string]string{}}
}

// say logs message about path, unless the last that was said of it was cause.
func (c *complaints) say(level zapcore.Level, path, cause, message string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	said, known := c.causes[path]
	if known && said == cause {
		return
	}
	if !known && len(c.causes) >= maxComplaints {
		if c.silent++; c.silent == 1 {
			c.logger.Warn("Too many files can't be read; of further ones nothing is said.", zap.Int("files", maxComplaints))
		}
		return
	}
	c.causes[path] = cause
	fields := []zap.Field{zap.String("cause", cause)}
	if path != "" { // it is not about all files
		fields = append(fields, zap.String("path", path))
	}
	c.logger.Log(level, message, fields...)
}

// settle says that path is in order.
func (c *complaints) settle(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.causes, path)
}

// keep forgets the paths that present does not know.
func (c *complaints) keep(present func(path string) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for path := range c.causes {
		if !present(path) {
			delete(c.causes, path)
		}
	}
	if len(c.causes) < maxComplaints {
		c.silent = 0
	}
}
