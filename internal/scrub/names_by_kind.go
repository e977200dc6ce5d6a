package scrub

import (
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// nameInfo is what a name says by itself of the value under it.
type nameInfo struct {
	// kind is that of a string or number that nobody lists.
	kind pii.Kind
	// role is its part in an object that is one member written as two, see pair.
	role role
}

// nameKind is the kind of a string or number under a name that nobody lists, by
// the name alone: detect.SecretName, and of those who sign in.
func nameKind(name string) pii.Kind { return infoOf(name).kind }

// infoOf knows names such as given_name, clientSecret and value. As with
// detect.SecretName neither case nor the separators '-', '_', '.' and space
// count, and the whole name does.
func infoOf(name string) nameInfo {
	if name == "" || len(name) > maxKnownName {
		return nameInfo{}
	}
	// Nearly every name fails here, on its first and last letters.
	first, last := name[0]|0x20, name[len(name)-1]|0x20
	if isLower(first) && isLower(last) && knownLengths[first-'a'][last-'a'] == 0 {
		return nameInfo{}
	}
	var stack [maxKnownName]byte
	folded := stack[:0]
	for _, c := range []byte(name) {
		switch {
		case c == '-' || c == '_' || c == '.' || c == ' ':
			continue
		case 'A' <= c && c <= 'Z':
			c |= 0x20
		}
		folded = append(folded, c)
	}
	if len(folded) == 0 || !isLower(folded[0]) || !isLower(folded[len(folded)-1]) {
		return nameInfo{}
	}
	if knownLengths[folded[0]-'a'][folded[len(folded)-1]-'a']&(1<<len(folded)) == 0 {
		return nameInfo{}
	}
	info := knownNames[string(folded)]
	if info.kind != pii.Secret && info.kind != pii.Phone && (!isLower(first) || !isLower(last)) {
		return nameInfo{} // ..sub is no name that a claim has; _token may be a secret's
	}
	return info
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// maxKnownName bounds a name's length, separators included.
const maxKnownName = 48

// personNames are the claims of OpenID Connect Core 5.1, the attributes of LDAP
// and SCIM users, what logs call the ids of users and sessions, and the
// attributes of the semantic conventions, old and new, that spans have and no
// profile lists.
var personNames = map[string]pii.Kind{
	"sub": pii.Identity, "sid": pii.Identity, "uid": pii.Identity, "username": pii.Identity, "preferredusername": pii.Identity,
	"login": pii.Identity, "loginname": pii.Identity, "loginid": pii.Identity, "userlogin": pii.Identity, "loginhint": pii.Identity,
	"userid": pii.Identity, "useruuid": pii.Identity, "useruid": pii.Identity, "userguid": pii.Identity, "accountid": pii.Identity,
	"accountname": pii.Identity, "samaccountname": pii.Identity, "userprincipalname": pii.Identity, "upn": pii.Identity,
	"identityid": pii.Identity, "subjectid": pii.Identity, "principalid": pii.Identity, "actorid": pii.Identity,
	"sessionid": pii.Identity, "sessionuuid": pii.Identity, "visitid": pii.Identity, "visitorid": pii.Identity,
	"deviceid": pii.Identity, "devicefingerprint": pii.Identity, "phonefingerprint": pii.Identity, "fingerprint": pii.Identity,
	"enduserid": pii.Identity, "userhandle": pii.Identity, "personid": pii.Identity, "employeeid": pii.Identity,
	"employeenumber": pii.Identity, "memberid": pii.Identity, "customerid": pii.Identity, "patientid": pii.Identity,

	"givenname": pii.Name, "familyname": pii.Name, "middlename": pii.Name, "firstname": pii.Name, "lastname": pii.Name,
	"fullname": pii.Name, "legalname": pii.Name, "maidenname": pii.Name, "surname": pii.Name, "forename": pii.Name,
	"displayname": pii.Name, "nickname": pii.Name, "cardholdername": pii.Name, "userfullname": pii.Name,
	"userdisplayname": pii.Name, "personname": pii.Name,

	"birthdate": pii.QuasiIdentifier, "birthday": pii.QuasiIdentifier, "birthyear": pii.QuasiIdentifier,
	"dateofbirth": pii.QuasiIdentifier, "yearofbirth": pii.QuasiIdentifier, "dob": pii.QuasiIdentifier,
	"placeofbirth": pii.QuasiIdentifier, "gender": pii.QuasiIdentifier, "zipcode": pii.QuasiIdentifier, "zip": pii.QuasiIdentifier,
	"postalcode": pii.QuasiIdentifier, "postcode": pii.QuasiIdentifier, "streetaddress": pii.QuasiIdentifier,
	"postaladdress": pii.QuasiIdentifier, "homeaddress": pii.QuasiIdentifier, "city": pii.QuasiIdentifier,
	"areacode": pii.QuasiIdentifier, "latitude": pii.QuasiIdentifier, "longitude": pii.QuasiIdentifier,
	"cityname": pii.QuasiIdentifier, "geolocalityname": pii.QuasiIdentifier, "geopostalcode": pii.QuasiIdentifier,
	"geolocationlat": pii.QuasiIdentifier, "geolocationlon": pii.QuasiIdentifier, "georegionisocode": pii.QuasiIdentifier,
	"subdivisioncode": pii.QuasiIdentifier, "subdivisionname": pii.QuasiIdentifier,

	"userhash": pii.Identity, "sessionpreviousid": pii.Identity, "enduserpseudoid": pii.Identity,
	"emaildomain": pii.EmailDomain,
	"useragent":   pii.UserAgent, "httpuseragent": pii.UserAgent, "httprequestheaderuseragent": pii.UserAgent, "rawuseragent": pii.UserAgent,
	"referer": pii.URL, "referrer": pii.URL, "httprequestheaderreferer": pii.URL, "httpreferer": pii.URL, "httpreferrer": pii.URL,
	"urlfull": pii.URL, "urloriginal": pii.URL, "urlquery": pii.URL, "urlfragment": pii.URL, "httpurl": pii.URL, "httptarget": pii.Path,
	"httppath": pii.Path, "requestpath": pii.Path, "requesturi": pii.Path, "httprequesturi": pii.Path, "urltemplate": pii.Path,
	"exceptionmessage": pii.Text, "exceptionstacktrace": pii.Text, "errormessage": pii.Text,

	"driverslicense": pii.Secret, "driverslicensenumber": pii.Secret, "passportnumber": pii.Secret,
}

// knownNames are all of them, folded.
var knownNames = func() map[string]nameInfo {
	known := make(map[string]nameInfo)
	for name, kind := range personNames {
		known[name] = nameInfo{kind: kind}
	}
	for name, kind := range detect.SecretNames() {
		known[name] = nameInfo{kind: kind}
	}
	for name, role := range roles {
		known[name] = nameInfo{kind: known[name].kind, role: role}
	}
	return known
}()

// knownLengths has, for each first and last letter, the set of lengths of the
// names that begin and end so.
var knownLengths = func() (lengths [26][26]uint64) {
	for name := range knownNames {
		lengths[name[0]-'a'][name[len(name)-1]-'a'] |= 1 << len(name)
	}
	return lengths
}()
