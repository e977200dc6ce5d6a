package piiscrub

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"syscall"

	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// maxKeyFile is more than any secret has. It bounds what is read when the path
// is wrong.
const maxKeyFile = 64 << 10

// unsafeBits are the permissions that a key file may not give: any to others,
// and writing to its group. Kubernetes gives the group reading.
const unsafeBits fs.FileMode = 0o027

// readKeyFile reads the secret of a file, without the line end that closes it.
// A symbolic link is followed. An error names the file and never its content.
func readKeyFile(path string) ([]byte, error) {
	// To open a pipe would wait for a writer, and Shutdown for that. A look at the
	// path beforehand would not do: it may be replaced meanwhile.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, keyFileMissing(err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, keyFileMissing(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file (mode %v): name a file that holds the secret alone", path, info.Mode())
	}
	if err := checkMode(path, info.Mode()); err != nil {
		return nil, err
	}
	secret, err := io.ReadAll(io.LimitReader(file, maxKeyFile+1))
	if err != nil {
		return nil, keyFileMissing(err)
	}
	if len(secret) > maxKeyFile {
		return nil, fmt.Errorf("%s has more than %d bytes: name a file that holds the secret alone", path, maxKeyFile)
	}
	secret = cutLineEnd(secret)
	if len(secret) < pseudonym.MinSecret {
		return nil, fmt.Errorf("%s must hold at least %d bytes (got %d): write it with openssl rand -base64 32 > %[1]s",
			path, pseudonym.MinSecret, len(secret))
	}
	return secret, nil
}

// cutLineEnd takes off one line end, which an editor or echo has put there. The
// same secret with and without it would make other pseudonyms.
func cutLineEnd(secret []byte) []byte {
	if line, ended := bytes.CutSuffix(secret, []byte("\n")); ended {
		return bytes.TrimSuffix(line, []byte("\r"))
	}
	return secret
}

// checkMode refuses a file that others could read or replace. Windows has no
// such bits: what Go shows there is made up.
func checkMode(path string, mode fs.FileMode) error {
	if runtime.GOOS == "windows" || mode.Perm()&unsafeBits == 0 {
		return nil
	}
	return fmt.Errorf("%s may be read or written by others than its owner (mode %04o): run chmod 600 %[1]s; for a secret of Kubernetes, set defaultMode: 0400",
		path, mode.Perm())
}

// keyFileMissing adds the remedy to an error of the file system, which names
// the path.
func keyFileMissing(err error) error {
	remedy := "check the path"
	if errors.Is(err, fs.ErrPermission) {
		remedy = "make the user that runs the collector its owner"
	}
	return fmt.Errorf("%w: %s", err, remedy)
}
