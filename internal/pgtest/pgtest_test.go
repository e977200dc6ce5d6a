//go:build unix

package pgtest

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// What was committed is there after a crash and after a restart, on the same
// port; the server's folder goes with it.
func TestServer(t *testing.T) {
	s, err := Launch(Options{})
	require.NoError(t, err)
	defer s.Close()
	db := s.Database(t, "CREATE TABLE x (n int)", "INSERT INTO x VALUES (1), (2)")
	require.NotEqual(t, db, s.Database(t))
	before := s.Address()

	s.Kill()
	_, err = pgx.Connect(t.Context(), s.DSN(Superuser, db))
	require.Error(t, err, "a killed server")
	require.NoError(t, s.Resume())
	require.Equal(t, 2, s.Count(t, db, "x"))
	require.NoError(t, s.Restart())
	require.Equal(t, 2, s.Count(t, db, "x"))
	require.Equal(t, before, s.Address())

	s.Role(t, "writer")
	s.Role(t, "writer") // a second test of the same server
	s.Exec(t, db, "GRANT INSERT ON x TO writer")
	c, err := pgx.Connect(t.Context(), s.DSN("writer", db))
	require.NoError(t, err)
	defer func() { _ = c.Close(t.Context()) }()
	_, err = c.Exec(t.Context(), "INSERT INTO x VALUES (3)")
	require.NoError(t, err)
	_, err = c.Exec(t.Context(), "SELECT n FROM x")
	require.Error(t, err)

	s.Close()
	require.NoDirExists(t, s.SocketDir())
}

func TestTLS(t *testing.T) {
	s := Start(t, Options{TLS: true})
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(s.CA())
	require.NoError(t, err)
	require.True(t, pool.AppendCertsFromPEM(pem))
	config, err := pgx.ParseConfig(s.DSN(Superuser, "postgres"))
	require.NoError(t, err)
	config.TLSConfig = &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}
	c, err := pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))

	config.TLSConfig.RootCAs = x509.NewCertPool()
	_, err = pgx.ConnectConfig(t.Context(), config)
	require.Error(t, err, "nobody vouches for the certificate")
}
