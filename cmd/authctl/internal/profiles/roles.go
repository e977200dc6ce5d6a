package profiles

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// role is something that a profile reads, and how its field is recognised.
type role struct {
	name string // a key of the profile, or an attribute
	as   string
	// names are folded names, the most telling first. With a slash it is an
	// object's name and a member's: actor/id.
	names []string
	// shapes are those that its values have; unnamed says that they alone will
	// do, where no name is known.
	shapes  []shape
	unnamed bool
	// avoid are names that, anywhere in the pointer, mean another.
	avoid []string
	// deep is what each level of depth costs, in ranks of names.
	deep int
	// top: only a member of the line itself will do, or of the object in which the
	// event's name stands.
	top bool
	// distinct: no two lines have the same, but what a log has twice.
	distinct bool
	// vague are names that mean this only where nearly all values are among words,
	// folded.
	vague, words []string
}

var (
	idShapes   = []shape{shapeUUID, shapeOpaque, shapeCode, shapeInteger, shapeEpoch, shapeIP, shapePhone, shapeSecret, shapeMixed, shapePath}
	codeShapes = []shape{shapeCode, shapeOpaque, shapeUUID}
	admins     = []string{"admin", "target", "impersonat", "performedby"}
)

var timeRole = role{
	name: "time",
	names: []string{
		"time", "timestamp", "ts", "eventtime", "datetime", "published", "date", "createdat", "when", "occurredat", "loggedat",
		"logtime", "created", "createinstant", "eventinstant", "instant", "creationdate", "eventdate", "createdate", "recordedat", "recorded",
		"generatedat", "receivedat", "insertedat", "creationtime", "asctime", "t", "epoch",
	},
	shapes: []shape{shapeTime, shapeEpoch}, unnamed: true, deep: 10,
	avoid: []string{"expire", "until", "start", "initiated", "completed", "locked", "birth", "notbefore", "last", "auth_time"},
}

// attributeRoles are tried in this order: a place that fills one attribute fills
// no other behind it, but those of alsoFills.
var attributeRoles = []role{
	{name: "uid", names: []string{"logid", "eventid", "uuid", "eventuuid", "id"}, shapes: []shape{shapeUUID, shapeOpaque, shapeEpoch}, top: true, distinct: true},
	{name: "trace_id", names: []string{"traceid", "xamzntraceid"}, shapes: []shape{shapeMixed, shapeOpaque, shapeCode, shapeSecret, shapeWords}, deep: 2},
	{
		name: attr.UserID,
		names: []string{
			"onbehalfof/id", "onbehalfof/pk", "onbehalfof/uuid", "actingfor/id", "userid", "user/id", "user/pk", "user/uuid", "user/key", "userkey", "identityid",
			"identity/id", "accountid", "account/id", "useruuid", "userguid", "subjectid", "subject/id", "principalid", "principal/id", "who/id",
			"sub", "subject", "customerid", "memberid", "personid", "uid", "actor/id", "username", "user/username", "user/name", "login",
			"loginname", "userlogin", "userprincipalname", "user", "account", "principal", "who", "upn",
		},
		shapes: idShapes, avoid: admins, deep: 2,
	},
	{
		name: attr.ActorID, names: []string{"adminid", "admin/id", "adminidentityid", "actorid", "actor/id", "performedby", "operatorid"},
		shapes: idShapes, deep: 2,
	},
	{
		name: attr.UserName,
		names: []string{
			"onbehalfof/username", "username", "user/username", "user/name", "preferredusername", "loginname", "login", "userlogin", "alternateid",
			"userprincipalname", "upn", "accountname",
		},
		shapes: append([]shape{shapeEmail}, idShapes...), avoid: admins, deep: 2,
	},
	{
		name: attr.ActorEmail, as: "email", names: []string{"adminemail", "admin/email", "actoremail", "actor/email"},
		shapes: []shape{shapeEmail}, deep: 2,
	},
	{
		name: attr.UserEmail, as: "email",
		names:  []string{"onbehalfof/email", "email", "mail", "useremail", "emailaddress", "user/email", "username", "login", "alternateid", "identifier"},
		shapes: []shape{shapeEmail}, unnamed: true, avoid: append([]string{"actor"}, admins...), deep: 2,
	},
	{
		name: attr.ClientAddress, as: "address",
		names: []string{
			"clientip", "client/ip", "clientaddress", "clientipaddress", "sourceip", "source/ip", "sourceaddress", "userip", "trueclientip",
			"cfconnectingip", "xforwardedfor", "xrealip", "ip", "ipaddress", "client/ipaddress", "remoteip", "remoteaddress", "remoteaddr",
			"remote", "srcip", "src", "from", "address",
		},
		shapes: []shape{shapeIP}, unnamed: true, deep: 2,
		avoid: []string{"expected", "server", "host", "dest", "dst", "local", "proxy", "chain", "gateway", "network"},
	},
	{
		name: attr.SessionID, names: []string{"sessionid", "session/id", "sid", "externalsessionid", "sessionuuid", "visitid"},
		shapes: idShapes, deep: 2,
	},
	{
		name:   attr.UserAgentOriginal,
		names:  []string{"useragent", "httpuseragent", "rawuseragent", "ua", "agent", "client/useragent", "browser"},
		shapes: []shape{shapeUserAgent, shapeWords, shapeMixed}, deep: 2,
	},
	{
		name: attr.ClientID, names: []string{"clientid", "client/id", "oauth2clientid", "serviceprovider", "applicationid", "appid", "relyingparty"},
		shapes: append([]shape{shapeURL, shapeWords}, idShapes...), deep: 2,
	},
	{
		name: attr.Method, as: "method",
		names: []string{
			"authmethod", "mfamethod", "multifactorauthmethod", "authenticationmethod", "authenticationtype", "authtype", "loginmethod",
			"signinmethod", "credentialtype", "factor", "factortype", "method", "via", "type",
		},
		shapes: []shape{shapeCode}, avoid: []string{"http", "request"}, deep: 2, vague: []string{"type"}, words: methodWords,
	},
	{name: attr.Provider, names: []string{"provider", "identityprovider", "idp", "strategy"}, shapes: codeShapes, deep: 2},
	{name: attr.HTTPRequestMethod, names: []string{"method", "httpmethod", "requestmethod", "verb"}, shapes: []shape{shapeCode}, deep: 2},
	{
		name: attr.HTTPResponseStatusCode, as: "int", names: []string{"statuscode", "responsecode", "httpstatus", "status"},
		shapes: []shape{shapeInteger}, deep: 2,
	},
	{name: attr.URLPath, as: "path", names: []string{"path", "urlpath", "requestpath", "uri", "requesturi", "url"}, shapes: []shape{shapePath}, deep: 2},
	{name: attr.ServerAddress, as: "host", names: []string{"hostname", "host", "server", "servername"}, shapes: []shape{shapeCode, shapeWords, shapeOpaque}, deep: 10},
	{name: attr.ProcessPID, as: "int", names: []string{"pid", "processid"}, shapes: []shape{shapeInteger}, deep: 5},
}

// alsoFills says that a place may fill both: an IdP may know a user by name or by
// address alone.
func alsoFills(one, other string) bool {
	users := []string{attr.UserID, attr.UserName, attr.UserEmail}
	return slices.Contains(users, one) && slices.Contains(users, other)
}

// httpMethods are the values that tell a request's method from one of signing in.
var httpMethods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// methodWords are folded ways of signing in.
var methodWords = []string{
	"password", "passwordless", "totp", "otp", "mfa", "sms", "email", "webauthn", "passkey", "fido", "fido2", "u2f", "magiclink", "magicauth",
	"emailverification", "oauth", "oidc", "saml", "sso", "social", "ldap", "push", "recoverycode", "backupcode", "piv", "pin", "refreshtoken",
}

// isOthers says whether the name of a field that looks right for this role is known,
// and says something else: an application's id is nobody's e-mail address.
func (r *role) isOthers(f *field) bool {
	return slices.ContainsFunc(attributeRoles, func(o role) bool { return slices.Contains(o.names, f.name) && !alsoFills(o.name, r.name) })
}

// hasDomains says whether behind an @ mostly stands a host of the internet: the
// search takes client@tenant for an address, too.
func (f *field) hasDomains() bool {
	hosts := 0
	for _, value := range f.of {
		if _, host, _ := strings.Cut(value, "@"); strings.Contains(host, ".") {
			hosts++
		}
	}
	return hosts*2 >= len(f.of)
}

// isDistinct says whether nearly every line has a value of its own.
func (f *field) isDistinct() bool {
	seen := map[string]bool{}
	for _, value := range f.of {
		seen[value] = true
	}
	return len(seen)*10 >= len(f.of)*9
}

// saysMostly says whether nearly all of the values are among words.
func (f *field) saysMostly(words []string) bool {
	known := 0
	for _, value := range f.of {
		if slices.Contains(words, fold(value)) {
			known++
		}
	}
	return known*10 >= len(f.of)*8
}

// unranked is the rank of a field that only looks right.
const unranked = 100

// rank says how telling a field's name is, 0 the most; ok is false of one that is
// not for the role.
func (r *role) rank(f *field) (rank int, ok bool) {
	if !f.isPlace() || r.top && f.depth > 1 && !f.besideName || f.share(r.shapes...) < 0.5 {
		return 0, false
	}
	for token := range strings.SplitSeq(f.pointer, "/") {
		folded := fold(token)
		if slices.ContainsFunc(r.avoid, func(a string) bool { return strings.Contains(folded, a) }) {
			return 0, false
		}
	}
	rank = slices.IndexFunc(r.names, func(name string) bool {
		parent, member, both := strings.Cut(name, "/")
		return !both && name == f.name || both && f.name == member && f.parent == parent
	})
	if rank < 0 {
		// A number is a time by its name alone.
		if !r.unnamed || f.types[sample.Number] > 0 || r.isOthers(f) || r.as == "email" && !f.hasDomains() {
			return 0, false
		}
		rank = unranked
	}
	if r.distinct && !f.isDistinct() || slices.Contains(r.vague, f.name) && !f.saysMostly(r.words) {
		return 0, false
	}
	http := slices.ContainsFunc(httpMethods, func(m string) bool { return f.values[m] > 0 || f.values[strings.ToLower(m)] > 0 })
	if r.name == attr.Method && http || r.name == attr.HTTPRequestMethod && !http {
		return 0, false
	}
	return rank + r.deep*(f.depth-1), true
}
