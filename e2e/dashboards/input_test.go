//go:build unix

package dashboards

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// rareLines are events that the sample lacks, in each half: rates need two.
// They happen now, since funnels look no further back than their windows.
func rareLines(half int) string {
	now := time.Now().UTC().Format(time.RFC3339Nano)
	hera := func(kind, event, fields string) string {
		return fmt.Sprintf(`{"type":%q,"event":%q,"domain":"ciam","env":"production","timestamp":%q%s}`, kind, event, now, fields)
	}
	ids := 0
	loginGov := func(name, user, properties string) string {
		ids++
		return fmt.Sprintf(`{"name":%q,"id":"rare-%d-%d","time":%q,"log_filename":"events.log","properties":{"user_id":"%s-%d",`+
			`"service_provider":"urn:rare","event_properties":{%s}}}`, name, half, ids, now, user, half, properties)
	}
	const done = `"success":true`
	lines := []string{
		hera("analytics", "sdk.startup.failed", ""),
		hera("analytics", "platform.key.weak", `,"key_length_bytes":12`),
		hera("audit", "pkce_failed", `,"client_id":"rare","reason":"challenge_mismatch"`),
		hera("audit", "lockout.applied", `,"reason":"too_many_attempts"`),
		hera("audit", "login_failed", `,"reason":"invalid_credentials"`),
		hera("audit", "mfa_removed", `,"method":"totp"`),
		// What drifts: a name that no profile has, and a field of another type.
		hera("audit", "brand_new_event", ""),
		hera("audit", "captcha_displayed", `,"flow":17`),
		// Fields that nobody lists, one with an address that only a search finds.
		hera("audit", "captcha_displayed", `,"flow":"login","shoe_size":"44","remark":"ask somebody@example.com"`),
		loginGov("OpenID Connect: token", "failing", `"success":false,"error_details":{"code_verifier":{"code_challenge_mismatch":true}}`),
		loginGov("User Registration: Email Submitted", "known", done+`,"email_already_exists":true`),
		loginGov("User Registration: Email Confirmation", "new", done),
		loginGov("User Registration: 2FA Setup visited", "new", ""),
		loginGov("User Registration: User Fully Registered", "new", ""),
		loginGov("SP redirect initiated", "new", `"sign_in_duration_seconds":12.5`),
		loginGov("IdV: doc auth welcome visited", "proofing", ""),
		loginGov("IdV: doc auth image upload vendor submitted", "proofing", done),
		loginGov("IdV: doc auth verify proofing results", "proofing", `"success":false,"error_details":{"ssn":{"invalid":true}}`),
		loginGov("Account Reset", "leaving", `"event":"delete","account_age_in_days":40,"success":true`),
		loginGov("User Suspension: Suspended", "suspended", done),
		loginGov("TOTP: User Disabled TOTP", "fewer", done),
		loginGov("Password Changed", "careless", `"success":false,"error_details":{"password":{"too_short":true}}`),
	}
	// A flow that nothing ended within the timeout, and an event ahead of the clock.
	for _, e := range []struct {
		user  string
		after time.Duration
	}{{"gone", -2 * time.Hour}, {"gone", -time.Hour}, {"early", time.Hour}} {
		line := loginGov("OpenID Connect: authorization request", e.user, done+`,"code_challenge_present":true`)
		lines = append(lines, strings.ReplaceAll(line, now, time.Now().Add(e.after).UTC().Format(time.RFC3339Nano)))
	}
	return strings.Join(lines, "\n") + "\n"
}

// input is a folder that the collector reads.
type input struct {
	dir string
}

// append adds the first or second half of the sample, and the rare lines.
func (in input) append(t *testing.T, half int) {
	t.Helper()
	for _, sample := range e2etest.Samples(t) {
		lines := strings.SplitAfter(e2etest.ReadFile(t, sample), "\n")
		middle := len(lines) / 2
		in.write(t, filepath.Base(sample), strings.Join([][]string{lines[:middle], lines[middle:]}[half], ""))
	}
	in.write(t, "rare.ndjson", rareLines(half))
}

func (in input) write(t *testing.T, name, text string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(in.dir, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}
