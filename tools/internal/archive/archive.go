// Package archive packs files so that the same files give the same bytes,
// whoever packs them, where and when.
package archive

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
)

// File is one file of an archive.
type File struct {
	Name       string // slashes, relative
	Content    []byte
	Executable bool
}

// Write packs files below the folder dir into a gzipped tar. Order, owner, mode
// and times are its own: sorted by name, root's, 0755 or 0644, all of the time
// given. Two files of one name, and names that lead out of dir, are errors.
func Write(w io.Writer, dir string, files []File, mtime time.Time) error {
	// The header of gzip keeps its zero values: no name, no time, no OS.
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	for i, f := range files {
		if path.Clean(f.Name) != f.Name || path.IsAbs(f.Name) || f.Name == ".." || strings.HasPrefix(f.Name, "../") {
			return fmt.Errorf("archive: %q is no path inside it", f.Name)
		}
		if i > 0 && files[i-1].Name == f.Name {
			return fmt.Errorf("archive: two files named %s", f.Name)
		}
		if err := add(t, path.Join(dir, f.Name), f, mtime); err != nil {
			return fmt.Errorf("archive: %s: %w", f.Name, err)
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return z.Close()
}

func add(t *tar.Writer, name string, f File, mtime time.Time) error {
	mode := int64(0o644)
	if f.Executable {
		mode = 0o755
	}
	// USTAR has no room for what differs between machines, such as times of access.
	h := &tar.Header{
		Typeflag: tar.TypeReg, Name: name, Size: int64(len(f.Content)), Mode: mode,
		ModTime: mtime.Truncate(time.Second), Format: tar.FormatUSTAR,
	}
	if err := t.WriteHeader(h); err != nil {
		return err
	}
	_, err := t.Write(f.Content)
	return err
}
