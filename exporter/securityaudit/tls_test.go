//go:build unix

package securityaudit

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// With verify-full, a server without TLS and one that nobody vouches for get
// nothing; one of one's own CA gets rows.
func TestTLS(t *testing.T) {
	plain := sharedServer(t)
	t.Parallel()
	tls := pgtest.Start(t, pgtest.Options{TLS: true})
	dsn := func(s *pgtest.Server, database, query string) string {
		return strings.Replace(s.DSN("writer", database), "sslmode=disable", query, 1)
	}
	c := layout.Config{}
	for _, s := range []*pgtest.Server{plain, tls} {
		w := worlds[1]
		database, table := w.build(t, s, &c)
		r := start(t, dsn(s, database, "sslmode=verify-full"))
		err := r.ConsumeLogs(t.Context(), events(0, 10))
		require.ErrorContains(t, err, map[*pgtest.Server]string{plain: "server refused TLS connection", tls: "certificate"}[s])
		requireQuiet(t, r, err)
		require.Zero(t, s.Count(t, database, table))
	}
	w := worlds[1]
	database, table := w.build(t, tls, &c)
	r := start(t, dsn(tls, database, "sslmode=verify-full&sslrootcert="+tls.CA()))
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
	require.Equal(t, 10, tls.Count(t, database, table))
}

// A login that the server refuses is said with its remedy, and no password.
func TestLoginIsRefused(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	database := s.Database(t)
	for dsn, want := range map[string]string{
		s.DSN("nobody_there", database):             "SQLSTATE 28000: the server refuses the login",
		s.DSN(pgtest.Superuser, "no_such_database"): "SQLSTATE 3D000: the database does not exist",
	} {
		r := start(t, dsn, func(c *Config) { c.Password = canary })
		err := r.ConsumeLogs(t.Context(), events(0, 10))
		require.ErrorContains(t, err, want)
		requireQuiet(t, r, err)
	}
}
