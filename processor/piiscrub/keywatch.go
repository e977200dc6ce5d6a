package piiscrub

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// watchInterval is how often key files are read again. A poll sees what a
// notification would miss: the symbolic links that Kubernetes swaps.
const watchInterval = 10 * time.Second

// keyFile is a key whose secret is in a file.
type keyFile struct {
	index  int // among the keys
	path   string
	failed bool // the last poll could not use it, and said so
	// pending is what the last poll read first. It is used if the next one reads it
	// again: who writes into the file may not be through with it.
	pending []byte
}

// keyFiles keeps the keys up to date with their files. It is for one goroutine.
type keyFiles struct {
	keys  []pseudonym.Key // all keys, in the order of the config
	files []keyFile
}

// readKeyFiles puts the secrets of files into keys, which are those of the
// config, compiled. All files that can't be used are named.
func readKeyFiles(configs []KeyConfig, keys []pseudonym.Key) (*keyFiles, error) {
	k := &keyFiles{keys: slices.Clone(keys)}
	var errs []error
	for i, config := range configs {
		if config.SecretFile == "" {
			continue
		}
		secret, err := readKeyFile(config.SecretFile)
		if err != nil {
			errs = append(errs, fmt.Errorf("keys[%d].secret_file: %w", i, err))
			continue
		}
		k.keys[i].Secret = secret
		k.files = append(k.files, keyFile{index: i, path: config.SecretFile})
	}
	return k, errors.Join(errs...)
}

// poll reads the files and gives keys to set that changed, and stayed the same from
// one poll to the next. What can't be used leaves the keys as they are, and is
// logged once until it can be used again.
func (k *keyFiles) poll(set func([]pseudonym.Key) error, logger *zap.Logger) {
	for i := range k.files {
		file := &k.files[i]
		secret, err := readKeyFile(file.path)
		changed := err == nil && !bytes.Equal(secret, k.keys[file.index].Secret)
		settled := changed && bytes.Equal(secret, file.pending)
		if file.pending = nil; changed {
			file.pending = secret
		}
		if settled {
			if err = k.replace(file.index, secret, set); err == nil {
				file.pending = nil
				logger.Info("A key file has changed: its new secret is in use", file.fields(k)...)
			}
		} else if changed && file.failed {
			continue // that it can be used is not known yet
		}
		if err != nil && !file.failed {
			logger.Error("A key file can't be used: the secret that it held before stays in use", append(file.fields(k), zap.Error(err))...)
		}
		file.failed = err != nil
	}
}

// replace sets one secret. The keys change only if set takes them.
func (k *keyFiles) replace(index int, secret []byte, set func([]pseudonym.Key) error) error {
	keys := slices.Clone(k.keys)
	keys[index].Secret = secret
	if err := set(keys); err != nil {
		return err
	}
	k.keys = keys
	return nil
}

func (f *keyFile) fields(k *keyFiles) []zap.Field {
	return []zap.Field{zap.Int("key_index", f.index), zap.String("key_id", k.keys[f.index].ID), zap.String("secret_file", f.path)}
}

// watch polls until done is closed.
func (k *keyFiles) watch(every time.Duration, done <-chan struct{}, set func([]pseudonym.Key) error, logger *zap.Logger) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			k.poll(set, logger)
		}
	}
}
