//go:build unix

package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

func (s *Server) data() string    { return filepath.Join(s.dir, "data") }
func (s *Server) pidFile() string { return filepath.Join(s.data(), "postmaster.pid") }
func (s *Server) logFile() string { return filepath.Join(s.dir, "log") }

// binaries is the folder of initdb and postgres. Debian has it not on the
// PATH; of several versions there the newest is taken.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		// A link to the program stands alone, the programs beside each other.
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("no initdb on the PATH or in /usr/lib/postgresql/*/bin: install the server, Debian's package postgresql")
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0 for what is no number
		return n
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

// unprivileged is the user that the server runs as: Postgres refuses root. Nil
// is the caller.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("postgres does not run as root, and there is no user postgres or nobody to run it as")
}

// command is one of Postgres' programs, run as the server's user.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	// A group of its own: Ctrl-C at the terminal is for the test.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.owner}
	return cmd
}

// give makes a file the server user's.
func (s *Server) give(path string) error {
	if s.owner == nil {
		return nil
	}
	return os.Chown(path, int(s.owner.Uid), int(s.owner.Gid))
}

// configure writes what differs from the server's defaults.
func (s *Server) configure(o Options) error {
	settings := []string{
		"listen_addresses='127.0.0.1'",
		fmt.Sprintf("unix_socket_directories='%s'", s.dir),
		"max_connections=50",
		"log_min_messages=warning",
		"timezone=UTC",
	}
	if !o.Durable {
		// synchronous_commit stays: without it the server says yes before the
		// system has the record, and a killed one loses it.
		settings = append(settings, "fsync=off", "full_page_writes=off")
	}
	if o.TLS {
		key := filepath.Join(s.dir, "server.key")
		if err := writeCertificate(s.CA(), key); err != nil {
			return err
		}
		if err := s.give(key); err != nil {
			return err
		}
		settings = append(settings, "ssl=on", fmt.Sprintf("ssl_cert_file='%s'", s.CA()), fmt.Sprintf("ssl_key_file='%s'", key))
	}
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(strings.Join(append(settings, o.Settings...), "\n") + "\n")
	return errors.Join(err, f.Close())
}

// freePort asks the system for a port that nothing listens on.
func freePort() (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
