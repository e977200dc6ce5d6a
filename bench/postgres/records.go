//go:build unix

package main

import (
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// users is how many sign in: an index on them has that many places.
const users = 20_000

var began = time.Now().Add(-time.Hour)

// records are n sign-ins from the given number on, as auth_events makes them
// of Hera's lines; their bodies make up for the rest of the metadata.
func records(from, n, metadata int) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "hera")
	list := rl.ScopeLogs().AppendEmpty().LogRecords()
	list.EnsureCapacity(n)
	const named = 250 // about what attributes and keys of the metadata take
	more := strings.Repeat("x", max(metadata-named, 1))
	for i := from; i < from+n; i++ {
		at := began.Add(time.Duration(i) * time.Millisecond)
		record := list.AppendEmpty()
		record.SetEventName("mfa_challenge_failed")
		record.SetTimestamp(pcommon.NewTimestampFromTime(at))
		record.SetObservedTimestamp(pcommon.NewTimestampFromTime(at))
		record.SetSeverityText("WARN")
		a := record.Attributes()
		a.PutStr("log.record.uid", fmt.Sprintf("%032x", uint64(i)*0x9e3779b97f4a7c15)) // a hash has no order
		a.PutStr("user.id", fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(i%users)*2654435761, i%users))
		a.PutStr("client.address", fmt.Sprintf("203.0.%d.%d", i/200%200, i%200))
		a.PutStr("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
		a.PutStr("auth.domain", "ciam")
		a.PutStr("auth.method", "totp")
		a.PutStr("auth.outcome", "failure")
		a.PutStr("error.type", "invalid_code")
		record.Body().SetStr(fmt.Sprintf(`{"event":"mfa_challenge_failed","method":"totp","n":%d,"more":"%s"}`, i, more))
	}
	return logs
}
