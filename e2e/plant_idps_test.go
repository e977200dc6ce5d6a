//go:build unix

package e2e

import "fmt"

// idp makes a place of one IdP: a line with a blank for the value.
func idp(name, line string) place {
	return place{name, func(v string) string { return fmt.Sprintf(line, v) }}
}

// The lines of other IdPs, up to where a value is planted and from there on.
const (
	ory       = `{"audience":"audit","level":"info","msg":"Identity authenticated successfully and was issued an Ory Kratos Session Cookie.",`
	oryEnd    = `,"service_name":"Ory Kratos","service_version":"v1.3.0","time":"2026-05-20T11:56:57+02:00"}`
	keycloak  = `{"timestamp":"2026-05-20T14:48:37.759Z","sequence":2543,"loggerName":"org.keycloak.events","level":"WARN","message":"type=\"LOGIN_ERROR\", realmName=\"master\", clientId=\"console\", `
	kcEnd     = `, error=\"invalid_user_credentials\", auth_method=\"openid-connect\"","hostName":"kc-0"}`
	auth0     = `{"log_id":"90020211103082515482106767167326018758436529088273317970","data":{"date":"2026-05-20T08:25:14.466Z","type":"fp","description":"Wrong email or password.",`
	auth0End  = `}}`
	okta      = `{"eventType":"user.session.start","outcome":{"reason":null,"result":"SUCCESS"},"published":"2026-05-20T20:18:57.718Z","severity":"INFO","uuid":"3aeede38-4f67-11ea-abd3-1f5d113f2546",`
	oktaEnd   = `,"version":"0","target":[]}`
	authentik = `{"action":"login_failed","auth_via":"unauthenticated","event":"Created Event","host":"auth.example.com","level":"info","logger":"authentik.events.models","pid":41,"timestamp":"2026-05-20T19:25:26.527644",`
	authelia  = `{"level":"error","method":"POST","path":"/api/firstfactor","time":"2026-05-20T14:19:29+02:00",`
	caddy     = `{"level":"info","logger":"http.log.access","msg":"handled request","status":200,"duration":0.1,"ts":1779271200.5,`
)

// ofIdPs are the fields of the other profiles that hold each kind.
var ofIdPs = map[string][]place{
	"identity": {
		idp("Ory's identity_id", ory+`"identity_id":"%s"`+oryEnd),
		idp("Ory's session_id", ory+`"session_id":"%s"`+oryEnd),
		idp("Keycloak's userId", keycloak+`userId=\"%s\"`+kcEnd),
		idp("Auth0's user_id", auth0+`"user_id":"auth0|%s"`+auth0End),
		idp("Auth0's session", auth0+`"details":{"session_id":"%s"}`+auth0End),
		idp("Okta's actor", okta+`"actor":{"alternateId":"a","displayName":"b","id":"%s","type":"User"}`+oktaEnd),
		idp("Okta's session", okta+`"authenticationContext":{"externalSessionId":"%s"}`+oktaEnd),
		idp("authentik's pk", authentik+`"user":{"pk":"%s","username":"akadmin"}}`),
		idp("authentik's username", authentik+`"context":{"username":"%s"},"user":{}}`),
		idp("Authelia's sentence", authelia+`"msg":"Unsuccessful 1FA authentication attempt by user '%s'","remote_ip":"192.0.2.1"}`),
		idp("Caddy's user_id", caddy+`"user_id":"%s","request":{"method":"GET","host":"a.example","uri":"/x","remote_ip":"192.0.2.1"}}`),
	},
	"email": {
		idp("Ory's address", ory+`"email_address":"%s"`+oryEnd),
		idp("Keycloak's username", keycloak+`username=\"%s\"`+kcEnd),
		idp("Auth0's user_name", auth0+`"user_name":"%s"`+auth0End),
		idp("Okta's alternateId", okta+`"actor":{"alternateId":"%s","displayName":"b","id":"00u1","type":"User"}`+oktaEnd),
		idp("authentik's e-mail", authentik+`"user":{"email":"%s","pk":4,"username":"akadmin"}}`),
		idp("Authelia's sentence", authelia+`"msg":"Successful 1FA authentication attempt made by user '%s'","remote_ip":"192.0.2.1"}`),
		idp("a sentence that Authelia's profile does not know", authelia+`"msg":"Something of '%s' went wrong","remote_ip":"192.0.2.1"}`),
		idp("Caddy's query", caddy+`"request":{"method":"GET","host":"a.example","uri":"/x?login_hint=%s","remote_ip":"192.0.2.1"}}`),
	},
	"ip": {
		idp("Ory's X-Forwarded-For", ory+`"http_request":{"headers":{"x-forwarded-for":"%s"},"host":"id.example.com","method":"POST","path":"/self-service/login"}`+oryEnd),
		idp("Keycloak's ipAddress", keycloak+`ipAddress=\"%s\"`+kcEnd),
		idp("Auth0's ip", auth0+`"ip":"%s"`+auth0End),
		idp("Okta's client", okta+`"client":{"device":"Computer","ipAddress":"%s"}`+oktaEnd),
		idp("authentik's client_ip", authentik+`"client_ip":"%s","user":{}}`),
		idp("Authelia's remote_ip", authelia+`"msg":"User has changed their password","remote_ip":"%s"}`),
		idp("Caddy's remote_ip", caddy+`"request":{"method":"GET","host":"a.example","uri":"/x","remote_ip":"%s"}}`),
	},
}
