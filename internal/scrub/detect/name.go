package detect

import (
	"iter"
	"maps"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// SecretName returns pii.Secret or pii.Phone where a member's, attribute's or
// parameter's name by itself says that its value is one; else pii.None. Case
// and the separators '-', '_', '.' and space do not count: clientSecret is
// client_secret. The whole name counts: country_code is no code.
//
// It tells of a string or a number directly under that name. Under
// error_details.code, for example, Login.gov has an object of booleans.
func SecretName(name string) pii.Kind {
	if len(name) < minName || len(name) > maxName {
		return pii.None
	}
	// Nearly every name fails here, on its first and last letters.
	first, last := name[0]|0x20, name[len(name)-1]|0x20
	if isLetter(first) && isLetter(last) && nameLengths[first-'a'][last-'a'] == 0 {
		return pii.None
	}
	var stack [maxName]byte
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
	if len(folded) == 0 || !isLetter(folded[0]) || !isLetter(folded[len(folded)-1]) {
		return pii.None
	}
	if nameLengths[folded[0]-'a'][folded[len(folded)-1]-'a']&(1<<len(folded)) == 0 {
		return pii.None
	}
	return names[string(folded)]
}

// SecretNames gives the names that SecretName knows, folded, for who looks for
// others beside them.
func SecretNames() iter.Seq2[string, pii.Kind] { return maps.All(names) }

// minName and maxName bound a name's length, separators included.
const (
	minName = 3
	maxName = 48
)

var secretNames = []string{
	"password", "passwd", "pwd", "pass", "passphrase", "currentpassword", "newpassword", "oldpassword",
	"passwordconfirmation", "confirmpassword", "passwordhash", "encryptedpassword", "passworddigest",
	"secret", "secrets", "clientsecret", "sharedsecret", "totpsecret", "otpsecret", "secretkey", "privatekey", "apikey", "xapikey",
	"accesskey", "secretaccesskey", "awssecretaccesskey", "signingkey", "encryptionkey",
	"token", "tokens", "accesstoken", "idtoken", "refreshtoken", "bearertoken", "sessiontoken", "devicetoken", "authtoken",
	"apitoken", "securitytoken", "xamzsecuritytoken", "resettoken", "resetpasswordtoken", "confirmationtoken", "invitationtoken",
	"verificationtoken", "logouttoken", "subjecttoken", "actortoken", "pushtoken", "rememberme", "remembertoken", "registrationtoken",
	"idtokenhint", "logintoken", "jwt", "bearer", "credential", "credentials",
	"code", "authcode", "authorizationcode", "usercode", "devicecode", "verificationcode", "confirmationcode", "securitycode",
	"otp", "otpcode", "totp", "totpcode", "mfacode", "twofactorcode", "smscode", "onetimecode", "onetimepassword", "passcode",
	"directotp", "pin", "pincode",
	"backupcode", "backupcodes", "recoverycode", "recoverycodes", "lookupsecret", "personalkey", "recoverykey", "codedigest",
	"state", "nonce", "codeverifier", "codechallenge", "loginchallenge", "consentchallenge", "logoutchallenge",
	"loginverifier", "consentverifier", "logoutverifier", "devicechallenge", "deviceverifier", "challenge",
	"assertion", "clientassertion", "samlresponse", "samlrequest", "samlart", "relaystate", "signature",
	"cookie", "cookies", "setcookie", "sessioncookie", "authorization", "proxyauthorization", "authorizationheader",
	"httprequestheadercookie", "httprequestheaderauthorization", "httpresponseheadersetcookie",
	"csrf", "csrftoken", "xcsrftoken", "xsrftoken", "xxsrftoken", "authenticitytoken", "recaptchatoken", "recaptcharesponse",
	"grecaptcharesponse", "captchatoken", "captcharesponse", "hcaptcharesponse", "cfturnstileresponse",
	// Single use, and what signs a link: Auth0, Okta, CAS, Devise, OAuth 1, AWS.
	"sessionstate", "ticket", "serviceticket", "loginticket", "statetoken", "recoverytoken", "passwordrecoverytoken", "mfatoken",
	"invitetoken", "magiclinktoken", "magictoken", "unlocktoken", "activationtoken", "activationcode", "passwordresettoken",
	"emailtoken", "emailverificationtoken", "onetimetoken", "actiontoken", "offlinetoken", "authenticationtoken", "clienttoken",
	"oauthtoken", "oauthtokensecret", "oauthverifier", "sig", "xamzsignature", "dpop",
	"consumersecret", "devicesecret", "appsecret", "webhooksecret", "sessionsecret", "sessionkey", "masterkey",
	"userpassword", "temporarypassword", "initialpassword", "hashedpassword", "plainpassword", "passwordsalt",
	"ssn", "socialsecuritynumber",
}

var phoneNames = []string{
	"phone", "phones", "phonenumber", "phonenumbers", "mobile", "mobilephone", "mobilenumber", "mobilephonenumber", "cellphone",
	"msisdn", "telephone", "telephonenumber", "homephone", "workphone", "newphone", "otpphone", "recipientphone", "smsphone",
	"formattedphone", "unconfirmedphone", "e164phone", "e164phonenumber",
}

var names = func() map[string]pii.Kind {
	m := make(map[string]pii.Kind, len(secretNames)+len(phoneNames))
	for _, name := range secretNames {
		m[name] = pii.Secret
	}
	for _, name := range phoneNames {
		m[name] = pii.Phone
	}
	return m
}()

// nameLengths has, for each first and last letter, the set of lengths of the
// names that begin and end so.
var nameLengths = func() (lengths [26][26]uint64) {
	for name := range names {
		lengths[name[0]-'a'][name[len(name)-1]-'a'] |= 1 << len(name)
	}
	return lengths
}()
