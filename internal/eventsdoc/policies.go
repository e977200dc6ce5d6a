package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// policyTables are the generated parts of docs/policies.md.
func policyTables(profiles []authevent.ProfileInfo) []section {
	return []section{
		{"presets", presetTable()},
		{"kinds", kindTable()},
		{"attributes", attributeTable()},
		{"fields", fieldTables(profiles)},
	}
}

// contents of each kind, for the table of kinds.
var kindBriefs = [pii.NumKinds]string{
	pii.Identity:        "a stable id of a person or a device: user, session, visitor and actor ids, user names, fingerprints of a phone or a document",
	pii.Email:           "an e-mail address",
	pii.IP:              "an IP address",
	pii.Phone:           "a telephone number",
	pii.Secret:          "a code, token, cookie, state, challenge or digest",
	pii.Name:            "the name of a person, or a profile with it",
	pii.QuasiIdentifier: "what tells a person together with other values: birth year, city, ZIP and area code, the state of an ID, times of a person's past, names that people give their devices and clients",
	pii.VendorID:        "the id by which a vendor of proofing, risk or delivery finds the person",
	pii.UserAgent:       "a User-Agent header",
	pii.Version:         "the version of a browser or an operating system",
	pii.URL:             "a referer or another URL",
	pii.Path:            "the path of a request",
	pii.Text:            "written for people, and may quote them: messages of exceptions and vendors",
	pii.EmailDomain:     "the domain of an e-mail address",
	pii.TraceID:         "joins the event to logs that have the address: of a load balancer, of a proxy",
	pii.Public:          "says nothing of who it was: codes, counts, outcomes, settings; searched all the same",
}

// acts are the headers of the columns of presets, and their cells for a kind.
func acts() (header []string, cells func(pii.Kind) []string) {
	for _, p := range scrub.Presets() {
		header = append(header, p.Name)
	}
	return header, func(kind pii.Kind) []string {
		var cells []string
		for _, p := range scrub.Presets() {
			cells = append(cells, p.Actions[kind].String())
		}
		return cells
	}
}

func presetTable() []byte {
	rows := table{header: []string{"preset", "for", "fields that nobody lists"}}
	for _, p := range scrub.Presets() {
		unlisted := "searched, and counted"
		if p.Unlisted == scrub.DropUnlisted {
			unlisted = "dropped, and counted"
		}
		rows.add(code(p.Name), p.Brief, unlisted)
	}
	return rows.bytes()
}

func kindTable() []byte {
	header, cells := acts()
	rows := table{header: append(append([]string{"kind", "what it is"}, header...), "a policy may")}
	for _, kind := range pii.Kinds() {
		var may []string
		for _, action := range scrub.ActionsOf(kind) {
			may = append(may, action.String())
		}
		row := append([]string{code(kind.String()), kindBriefs[kind]}, cells(kind)...)
		rows.add(append(row, strings.Join(may, ", "))...)
	}
	return rows.bytes()
}

// attributeTable has the attributes that hold more than no personal data.
func attributeTable() []byte {
	header, cells := acts()
	rows := table{header: append([]string{"attribute", "kind"}, header...)}
	for _, list := range [][]attr.Attribute{attr.Record(), attr.Resource(), attr.Elsewhere()} {
		for _, a := range list {
			if a.Kind != pii.None && a.Kind != pii.Public {
				rows.add(append([]string{code(a.Name), a.Kind.String()}, cells(a.Kind)...)...)
			}
		}
	}
	return rows.bytes()
}

// fieldTables have a row for each field of each profile.
func fieldTables(profiles []authevent.ProfileInfo) []byte {
	header, cells := acts()
	var b bytes.Buffer
	for i := range profiles {
		p := &profiles[i]
		attributes := attributesByPlace(p)
		rows := table{header: append([]string{"field", "attribute", "kind"}, header...)}
		for _, f := range p.Classified {
			row := []string{code(f.Pointer), codes(filledBy(attributes, f.Pointer)), f.Kind.String()}
			rows.add(append(row, cells(f.Kind)...)...)
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "### Fields of %s\n\n", intros[p.Name].title)
		rows.write(&b)
	}
	return b.Bytes()
}

// filledBy returns the attributes that come from the field, also where it names
// them by a *: /target/*/id fills user.id from /target/0/id.
func filledBy(attributes map[string][]string, field string) []string {
	found := map[string]bool{}
	for place, names := range attributes {
		if strings.Count(place, "/") == strings.Count(field, "/") && covers(field, place) {
			for _, name := range names {
				found[name] = true
			}
		}
	}
	return sortedKeys(found)
}
