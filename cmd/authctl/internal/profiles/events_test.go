package profiles

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestMayShow: names that look like codes are shown, unless they hold an id.
func TestMayShow(t *testing.T) {
	f := &field{name: "event", values: map[string]int{"login": 2}}
	for value, want := range map[string]bool{
		"login": true, "LOGIN_ERROR": true, "fp": true, "unlock_91823745": false, "login:203.0.113.9": false, "ann@example.org": false,
	} {
		assert.Equal(t, want, f.mayShow(value), value)
	}
	assert.False(t, (&field{name: "name"}).mayShow("ann.example"), "a name may be anybody's")
}

func TestOutcomeOf(t *testing.T) {
	for text, want := range map[string]string{
		"LOGIN_ERROR": "failure", "unsuccessful": "failure", "account_locked": "failure", "account_unlocked": "", "USER_LOCKOUT": "failure",
		"unlock_failed": "failure", "password_changed": "success", "password_change": "", "email_updated": "success", "OK": "success", "no": "failure",
		"login": "",
	} {
		assert.Equal(t, want, outcomeOf(text), text)
	}
}
