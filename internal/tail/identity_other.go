//go:build !unix

package tail

import "github.com/cespare/xxhash/v2"

// identify hashes the path: nothing better can be had without opening the file.
func identify(path string) uint64 { return xxhash.Sum64String(path) }
