package main

// pageIntro begins the page.
const pageIntro = `<!-- Written by internal/eventsdoc from internal/authevent/profiles: change these, then go generate ./internal/eventsdoc. -->

# Events

What ` + "`auth_events`" + ` knows of each identity provider (IdP): how it tells
a line, which events it knows, and what becomes of each field. The same is data
in ` + "`internal/authevent/profiles`" + `, and a profile of your own under
` + "`profiles:`" + ` has the same keys.

- **Event** is the record's EventName. *Also written as* lists other spellings:
  former names, codes, sentences. A line with one of them gets the event's name,
  and what it said goes to ` + "`auth.event.original_name`" + `.
- **Category** is ` + "`auth.category`" + `.
- **Outcome** is ` + "`auth.outcome`" + ` where the line itself says none.
- An event that is neither listed nor of a known family is taken all the same,
  and counted as drift.
- **Field** is a place in the line, a JSON Pointer; ` + "`*`" + ` stands for any
  member or element. **Attribute** is what it fills; of several places the first
  that holds something counts.
- **Kind** is what stands there, by which ` + "`pii_scrub`" + ` treats it; a
  field holds for all that is below it. [policies.md](policies.md) says what
  becomes of each kind, and lists all fields.
`

// intros say what each IdP writes, and what to set there.
var intros = map[string]intro{
	"auth0":     {"Auth0", "Tenant logs, as a log stream sends them (`{\"log_id\": …, \"data\": {…}}`) and as the Management API and exports give them. Auth0 writes a code for an event; its name here is Auth0's title of the code, in snake_case. `auth.domain` is the connection."},
	"authelia":  {"Authelia", "The log with `log.format: json`, of the lines that belong to a request. Authelia says what happened in a sentence, so that the names are ours. Successes are logged at level `debug`. Authelia knows a user by the name alone: it is `user.id`, too."},
	"authentik": {"authentik", "The lines `Created Event` of the server's and the worker's log: whatever authentik also keeps as an event in its database."},
	"caddy":     {"Caddy", "The JSON access log of a reverse proxy before an IdP (`log` in the Caddyfile). `http.route` is filled where the Caddyfile names routes by `log_append route <name>`. No attribute has a query string."},
	"hera":      {"Hera", "The login UI over Ory Kratos and Hydra: its standard output in three shapes, and the rows and Kafka messages of its audit tables."},
	"keycloak":  {"Keycloak", "What the event listener `jboss-logging` writes with JSON output (`log-console-output=json`), of users and of administrators. Successes are logged at level `debug` unless `spi-events-listener-jboss-logging-success-level=info` is set. An administrator's event is named `ADMIN_<operation>_<resource type>`; its `user.id` is the user that the resource path names. `auth.domain` is the realm."},
	"login_gov": {"Login.gov", "The analytics events of identity-idp, `events.log`."},
	"okta":      {"Okta", "System Log events: of the API, of log streams, and the elements of an event hook. `user.id` is the target where that is a user, and the actor is then `auth.actor.id`, if somebody else."},
	"ory":       {"Ory Kratos and Hydra", "The log with `log.format: json`. Ory says what happened in a sentence, so that the names are ours. Releases before 26 mark the lines with `audience: audit`; of later ones the sentence tells."},
}

type intro struct{ title, text string }
