//go:build unix

// Package pgtest runs a real Postgres for tests and benchmarks, in a folder
// and on a port of its own, with the programs of the system's package. Debian:
// apt-get install postgresql.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Superuser is the role that a new server has.
const Superuser = "postgres"

// patience is for a loaded machine; nothing waits for it in vain.
const patience = time.Minute

// Options of a server; the zero value is what most tests need.
type Options struct {
	// Durable waits for the disk at each commit, as a server does by default.
	// Without it a killed server still loses nothing: the system is alive.
	Durable bool
	// TLS has the server take TLS beside plain connections, with a certificate
	// for localhost that the file Server.CA() vouches for.
	TLS bool
	// Settings are further lines of postgresql.conf, name=value.
	Settings []string
}

// Server is a Postgres that listens on a port of 127.0.0.1, and on a unix
// socket. Everybody on this machine may connect as any role without a password.
// Its methods may be called by several goroutines; Restart, Stop, Kill and
// Resume by one at a time.
type Server struct {
	dir    string
	port   int
	bin    string
	owner  *syscall.Credential
	reaper *reaper

	mu        sync.Mutex
	cmd       *exec.Cmd
	ended     chan struct{} // closed when cmd has ended
	databases int
}

// Start runs a server until the test's end.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	s, err := Launch(o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Close)
	return s
}

// Launch runs a server until Close: for a TestMain, whose tests share it.
func Launch(o Options) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	owner, err := unprivileged()
	if err != nil {
		return nil, err
	}
	// Not a test's own folder: that one is closed to other users.
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin, owner: owner}
	if s.reaper, err = newReaper(dir, s.pidFile()); err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	if err := s.setUp(o); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Server) setUp(o Options) error {
	if err := s.give(s.dir); err != nil {
		return err
	}
	out, err := s.command("initdb", "--pgdata", s.data(), "--username", Superuser, "--auth", "trust",
		"--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := s.configure(o); err != nil {
		return err
	}
	// Between the choice of a port and its use another process may take it.
	for range 5 {
		if s.port, err = freePort(); err != nil {
			return err
		}
		if err = s.Resume(); err == nil {
			return nil
		}
	}
	return err
}

// Close stops the server and removes its folder.
func (s *Server) Close() {
	s.end(syscall.SIGQUIT)
	s.reaper.reap()
}

// Resume starts a server that was stopped or killed, on the port that it had,
// and returns when it takes connections.
func (s *Server) Resume() error {
	cmd := s.command("postgres", "-D", s.data(), "-p", strconv.Itoa(s.port))
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the process has its own
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is in its log
		close(ended)
	}()
	s.mu.Lock()
	s.cmd, s.ended = cmd, ended
	s.mu.Unlock()
	return s.await(ended)
}

// await waits until the server takes connections.
func (s *Server) await(ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, s.DSN(Superuser, "postgres"))
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-ended:
			return fmt.Errorf("postgres ended at its start: %s", s.Log())
		case <-ctx.Done():
			return fmt.Errorf("postgres takes no connections: %w: %s", err, s.Log())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop ends the server in good order, its connections at once.
func (s *Server) Stop() { s.end(syscall.SIGINT) }

// Kill ends the server without a checkpoint, as a crash does: the next start
// recovers from its log.
func (s *Server) Kill() { s.end(syscall.SIGQUIT) }

// Restart is Stop and Resume.
func (s *Server) Restart() error {
	s.Stop()
	return s.Resume()
}

// end sends the signal and waits for the server's end.
func (s *Server) end(signal syscall.Signal) {
	s.mu.Lock()
	cmd, ended := s.cmd, s.ended
	s.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Signal(signal) // it may have ended
	select {
	case <-ended:
	case <-time.After(patience):
		_ = cmd.Process.Kill()
		<-ended
	}
}

// DSN is the URL of a database for a role, by TCP, without TLS.
func (s *Server) DSN(user, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(user), Host: s.Address(), Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}

// Address is the host and port that the server listens on.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// Port is the port of Address, and part of the socket's name.
func (s *Server) Port() int { return s.port }

// SocketDir is the folder of the unix socket.
func (s *Server) SocketDir() string { return s.dir }

// CA is the file of the certificate that vouches for the server, with Options.TLS.
func (s *Server) CA() string { return filepath.Join(s.dir, "server.crt") }

// Log is what the server has written so far.
func (s *Server) Log() string {
	f, err := os.Open(s.logFile())
	if err != nil {
		return err.Error()
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(f)
	return string(text) + errorText(err)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Database creates a database with a name of its own, runs the statements in
// it, and returns the name.
func (s *Server) Database(tb testing.TB, statements ...string) string {
	tb.Helper()
	s.mu.Lock()
	s.databases++
	name := "test" + strconv.Itoa(s.databases)
	s.mu.Unlock()
	s.Exec(tb, "postgres", "CREATE DATABASE "+name)
	s.Exec(tb, name, statements...)
	return name
}

// Role creates a role that may log in, unless the server has it: roles are
// common to all databases.
func (s *Server) Role(tb testing.TB, name string) {
	tb.Helper()
	s.Exec(tb, "postgres", fmt.Sprintf(`DO $$ BEGIN CREATE ROLE %s LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
		pgx.Identifier{name}.Sanitize()))
}

// Exec runs statements in a database as the superuser.
func (s *Server) Exec(tb testing.TB, database string, statements ...string) {
	tb.Helper()
	s.in(tb, database, func(ctx context.Context, c *pgx.Conn) error {
		for _, statement := range statements {
			if _, err := c.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%w in %s", err, statement)
			}
		}
		return nil
	})
}

// Scan reads the one row of a query, as the superuser.
func (s *Server) Scan(tb testing.TB, database, query string, into ...any) {
	tb.Helper()
	s.in(tb, database, func(ctx context.Context, c *pgx.Conn) error {
		return c.QueryRow(ctx, query).Scan(into...)
	})
}

// Count is the number of rows of a table.
func (s *Server) Count(tb testing.TB, database, table string) int {
	tb.Helper()
	var n int
	s.Scan(tb, database, "SELECT count(*) FROM "+table, &n)
	return n
}

func (s *Server) in(tb testing.TB, database string, do func(context.Context, *pgx.Conn) error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := pgx.Connect(ctx, s.DSN(Superuser, database))
	if err == nil {
		err = errors.Join(do(ctx, c), c.Close(ctx))
	}
	if err != nil {
		tb.Fatal(err)
	}
}
