package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTotalsAgree counts a few lines with all three connectors.
func TestTotalsAgree(t *testing.T) {
	dir := t.TempDir()
	in := input{filepath.Join(dir, "hera.ndjson"), filepath.Join(dir, "login_gov.ndjson")}
	var hera, loginGov strings.Builder
	for i := range 30 {
		fmt.Fprintf(&hera, `{"type":"metric","event":"auth.pkce.completed","client_id":"c%d","duration_ms":1500}`+"\n", i%3)
		fmt.Fprintf(&loginGov, `{"name":"OpenID Connect: token","id":"%d","properties":{"event_properties":`+
			`{"success":false,"error_details":{"code_verifier":{"mismatch":true}}}}}`+"\n", i)
	}
	for file, text := range map[string]string{in.hera: hera.String(), in.loginGov: loginGov.String()} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	batches, err := in.batches(30)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]totals{}
	for _, name := range []string{oursName, stockName, countName} {
		if byName[name], err = totalsOf(name, batches); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	table, err := agreement(byName[oursName], byName[stockName], byName[countName])
	if err != nil {
		t.Error(err)
	}
	for _, row := range []string{
		"| auth.events | 60 | 60 | 60 |", "| auth.oauth.token.exchanges | 60 | 60 | 60 |", "| auth.pkce.failures | 30 | 30 | 30 |",
		"| auth.pkce.duration (count) | 30 | 30 | - |", "| auth.pkce.duration (sum) | 45 | 45 | - |",
	} {
		if !strings.Contains(table, row+"\n") {
			t.Errorf("no row %s in\n%s", row, table)
		}
	}
}

func TestAgreementFindsWhatDiffers(t *testing.T) {
	ours := totals{"auth.events": 2, "auth.pkce.duration (sum)": 1, "auth.users.unique": 1}
	for _, c := range []struct {
		stock, count totals
		want         string
	}{
		{totals{"auth.events": 2, "auth.pkce.duration (sum)": 1}, totals{"auth.events": 2}, ""},
		{totals{"auth.events": 3, "auth.pkce.duration (sum)": 1}, nil, "auth.events of signal_to_metrics is 3, ours is 2"},
		{totals{"auth.events": 2, "auth.pkce.duration (sum)": 1}, totals{"auth.events": 1}, "auth.events of count is 1, ours is 2"},
		{totals{"auth.events": 2}, nil, "signal_to_metrics has no auth.pkce.duration (sum)"},
		{totals{"auth.events": 2, "auth.pkce.duration (sum)": 1, "x": 1}, nil, "signal_to_metrics counts x and ours does not"},
	} {
		_, err := agreement(ours, c.stock, c.count)
		if got := fmt.Sprint(err); got != c.want && (err != nil || c.want != "") {
			t.Errorf("got %s, want %q", got, c.want)
		}
	}
}
