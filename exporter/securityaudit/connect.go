package securityaudit

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// queryMode prepares no statement by name: that fails behind some poolers.
const queryMode = pgx.QueryExecModeExec

// pool is what the configuration says of the connections. Its errors hold
// nothing of the DSN, which may hold a password.
func (c *Config) pool() (*pgxpool.Config, error) {
	dsn := string(c.DSN)
	if dsn == "" {
		return nil, errors.New("dsn: is empty: set it to postgres://user@host:5432/database, best by an environment variable")
	}
	p, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	if c.Password != "" {
		p.ConnConfig.Password = string(c.Password)
	}
	if p.ConnConfig.RuntimeParams["application_name"] == "" {
		p.ConnConfig.RuntimeParams["application_name"] = "otelcol-auth"
	}
	return p, nil
}

// parse reads a DSN. Without an sslmode in it, pgx would try TLS with any
// certificate and then none, so that anybody between here and there reads
// along; here it is verify-full, but on this machine.
func parse(dsn string) (*pgxpool.Config, error) {
	p, err := pgxpool.ParseConfig(dsn)
	if err == nil && exposed(p.ConnConfig) != "" {
		p, err = pgxpool.ParseConfig(verified(dsn))
	}
	if err != nil || torn(dsn, p.ConnConfig) {
		return nil, errors.New("dsn: can't be read: use postgres://user@host:5432/database?sslrootcert=/etc/ca.pem, or host=… user=… dbname=…; " +
			"characters of a password other than letters and digits have to be escaped in a URL: the key password takes it as it is")
	}
	if host := exposed(p.ConnConfig); host != "" {
		return nil, fmt.Errorf("dsn: the connection to %s is not verified, so that identities and password could be read on the way: "+
			"use sslmode=verify-full, with sslrootcert for a CA of your own; weaker ones are for this machine alone", host)
	}
	return p, nil
}

// torn says whether a DSN was read otherwise than it was meant. In a password of
// digits and then one of / ? # that is not escaped, they end the address: what
// comes next would be a database's name, or a parameter's, and stand in errors.
func torn(dsn string, c *pgx.ConnConfig) bool {
	if !isURL(dsn) {
		// A URL of another kind, jdbc:postgresql://…?user=…, is read as one pair.
		for name := range c.RuntimeParams {
			if strings.ContainsAny(name, ":/?") {
				return true
			}
		}
		return false
	}
	u, err := url.Parse(dsn)
	if err != nil || u.Fragment != "" || strings.Contains(u.EscapedPath(), "@") {
		return true
	}
	for name := range u.Query() {
		if strings.Contains(name, "@") {
			return true
		}
	}
	return false
}

func isURL(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// verified is the DSN with sslmode=verify-full, unless it has an sslmode.
func verified(dsn string) string {
	if !isURL(dsn) {
		return "sslmode=verify-full " + dsn // of two the last counts
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return dsn
	}
	q := u.Query()
	if !q.Has("sslmode") {
		q.Set("sslmode", "verify-full")
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// exposed is the first host of the connection, or of those to be tried after
// it, whose certificate is not verified and that is not this machine.
func exposed(c *pgx.ConnConfig) string {
	if !local(c.Host) && (c.TLSConfig == nil || c.TLSConfig.InsecureSkipVerify) {
		return c.Host
	}
	for _, f := range c.Fallbacks {
		if !local(f.Host) && (f.TLSConfig == nil || f.TLSConfig.InsecureSkipVerify) {
			return f.Host
		}
	}
	return ""
}

// local is a unix socket's folder, or a loopback address.
func local(host string) bool {
	if strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
