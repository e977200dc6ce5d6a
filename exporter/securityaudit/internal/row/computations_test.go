//go:build unix

package row

import (
	"slices"
	"strconv"
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
)

var (
	succeeded = is(attr.Outcome, attr.OutcomeSuccess)
	failed    = is(attr.Outcome, attr.OutcomeFailure)
)

func hour(e event) string { return stamp(e.time.Truncate(time.Hour)) }

// computations say what each query of the page has to return, by its heading,
// from the records themselves.
var computations = map[string]func([]event) [][]string{
	"Sign-ins per hour": func(events []event) [][]string {
		return grouped(events, all(recent, called("login_succeeded", "login_failed", "social_login_completed", "Email and Password Authentication")),
			func(e event) []string { return []string{hour(e)} }, succeeded, failed)
	},
	"Failed second factors by method": func(events []event) [][]string {
		return grouped(events, all(recent, is(attr.Category, "mfa"), has(attr.Outcome)), by(attr.Method), always, failed)
	},
	"Addresses with the most failures": func(events []event) [][]string {
		users := map[string]map[string]bool{}
		match := all(recent, failed, has(attr.ClientAddress))
		for _, e := range events {
			if !match(e) {
				continue
			}
			address := e.attrs[attr.ClientAddress]
			if users[address] == nil {
				users[address] = map[string]bool{}
			}
			if id := e.attrs[attr.UserID]; id != "" {
				users[address][id] = true
			}
		}
		rows := grouped(events, match, by(attr.ClientAddress))
		for i, row := range rows {
			rows[i] = append(row, strconv.Itoa(len(users[row[0]])))
		}
		return rows
	},
	"What one user did": func(events []event) [][]string {
		var rows [][]string
		for _, e := range events {
			if e.attrs[attr.UserID] == busiest(events) {
				rows = append(rows, []string{stamp(e.time), e.name, e.attrs[attr.Outcome], e.attrs[attr.Method]})
			}
		}
		return rows
	},
	"Users who failed often within an hour": func(events []event) [][]string {
		rows := grouped(events, all(recent, failed, has(attr.UserID)), func(e event) []string { return []string{e.attrs[attr.UserID], hour(e)} })
		return slices.DeleteFunc(rows, func(row []string) bool { n, _ := strconv.Atoi(row[2]); return n < 3 })
	},
	"Lockouts and rate limits": func(events []event) [][]string {
		return grouped(events, func(e event) bool {
			return recent(e) && slices.Contains([]string{"lockout", "rate_limit"}, e.attrs[attr.Category])
		},
			func(e event) []string { return []string{e.name, e.attrs[attr.Limiter]} })
	},
	"First sign-ins by provider": func(events []event) [][]string {
		return grouped(events, all(recent, called("social_login_completed")), by(attr.Provider), always, is(attr.FirstLogin, "true"))
	},
	"Sign-ins on a new device": func(events []event) [][]string {
		match := all(recent, succeeded, is(attr.NewDevice, "true"))
		return latest(grouped(events, match, by(attr.UserID)), events, match, by(attr.UserID), false)
	},
	"How far PKCE flows get, by client": func(events []event) [][]string {
		steps := []string{"pkce_authorize", "pkce_token_exchange", "pkce_flow_completed", "pkce_failed"}
		return grouped(events, all(recent, called(steps...)), by(attr.ClientID), called(steps[0]), called(steps[1]), called(steps[2]), called(steps[3]))
	},
	"PKCE mismatches by client": func(events []event) [][]string {
		return grouped(events, func(e event) bool {
			return recent(e) && slices.Contains([]string{"challenge_mismatch", "verifier_mismatch"}, e.attrs[attr.ErrorType])
		}, by(attr.ClientID, attr.ErrorType))
	},
	"Captcha failures": func(events []event) [][]string {
		return grouped(events, all(recent, called("captcha_failed")), by(attr.Flow, attr.ErrorType))
	},
	"Passwords that were in a breach": func(events []event) [][]string {
		rows := grouped(events, all(recent, called("breach_check_passed", "breach_check_failed")), func(event) []string { return nil },
			is(attr.ErrorType, "in_hibp"), is(attr.ErrorType, "hibp_unavailable"), always)
		return [][]string{rows[0][1:]} // a key of nothing is one empty text
	},
	"What administrators did": func(events []event) [][]string {
		match, key := is(attr.Category, "admin"), func(e event) []string { return []string{e.attrs[attr.ActorID], e.name} }
		return latest(grouped(events, match, key), events, match, key, false)
	},
	"Lines that are no events": func(events []event) [][]string {
		return grouped(events, has(attr.ParseError), by(attr.ParseError))
	},
	"How many rows of which source": func(events []event) [][]string {
		key := func(e event) []string { return []string{e.service} }
		return latest(grouped(events, always, key), events, always, key, true)
	},
	"The row of a line": func(events []event) [][]string {
		uid := oneUID(events)
		id, _ := idOf(uid)
		i := slices.IndexFunc(events, func(e event) bool { return e.attrs[attr.LogRecordUID] == uid })
		return [][]string{{uuidText(id), events[i].name, stamp(events[i].time)}}
	},
}
