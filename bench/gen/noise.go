package main

import (
	"strings"
	"time"
)

// appendNoise appends a line that is no event. Most kinds carry an event or
// personal data within, which must not get through because of the damage.
func (g *generator) appendNoise(dst []byte, hera bool, at time.Time) []byte {
	before := len(dst)
	switch g.rng.IntN(10) {
	case 0:
		return dst // a blank line
	case 1:
		return append(dst, " \t "...)
	case 2:
		return append(dst, "{}"...)
	case 3, 4: // cut off, as by a full disk
		dst = g.appendEvent(dst, hera, at)
		return dst[:before+1+g.rng.IntN(len(dst)-before-1)]
	case 5:
		return append(g.appendEvent(dst, hera, at), " (retried)"...)
	case 6: // as Python prints a dictionary
		text := string(g.appendEvent(nil, hera, at))
		return append(dst, strings.ReplaceAll(text, `"`, "'")...)
	}
	if hera {
		return g.appendHeraText(dst)
	}
	return g.appendLoginGovText(dst, at)
}

// appendHeraText appends one of the plain lines among Hera's JSON lines.
func (g *generator) appendHeraText(dst []byte) []byte {
	u := &g.users[g.rng.IntN(len(g.users))]
	return append(dst, pick(g,
		"> hera@1.4.2 start",
		"> next start",
		"  ▲ Next.js 15.1.0",
		"   - Local:        http://localhost:3000",
		" ✓ Ready in 412ms",
		"[security][brute_force][fail_open] redis unreachable, attempt allowed: identifier="+u.email+" ip="+u.ip,
		"[security][brute_force][fail_open] redis unreachable, attempt allowed: identity="+u.id,
	)...)
}

// appendLoginGovText appends what stands beside events in Login.gov's files:
// the first line of a Ruby log file, and lines of its other logs.
func (g *generator) appendLoginGovText(dst []byte, at time.Time) []byte {
	if g.chance(0.4) {
		return append(dst, "# Logfile created on "+at.Format("2006-01-02 15:04:05 -0700")+" by logger.rb/v1.6.0"...)
	}
	u := &g.users[g.rng.IntN(len(g.users))]
	l := &line{b: dst}
	l.begin()
	if g.chance(0.5) { // an event by its shape, but not of the log of events
		l.string("name", "perform.active_job")
		l.raw("properties", `{"queue":"default"}`)
	} else {
		l.string("method", "GET")
		l.string("path", "/account")
		l.int("status", 200)
	}
	l.string("user_id", u.id)
	l.string("ip", u.ip)
	l.time("time", at)
	l.string("log_filename", pick(g, "production.log", "workers.log"))
	l.end()
	return l.b
}
