// Package attr names every attribute that a record of ours may carry, each
// once, with its status in the OpenTelemetry semantic conventions and the kind
// of personal data that it holds.
package attr

import "github.com/authevents/otelcol-auth/internal/pii"

// Attributes of the semantic conventions.
const (
	OTelEventName          = "otel.event.name"
	ErrorType              = "error.type"
	UserID                 = "user.id"
	UserEmail              = "user.email"
	UserName               = "user.name"
	ClientAddress          = "client.address"
	SessionID              = "session.id"
	UserAgentOriginal      = "user_agent.original"
	UserAgentName          = "user_agent.name"
	UserAgentVersion       = "user_agent.version"
	UserAgentOSName        = "user_agent.os.name"
	UserAgentOSVersion     = "user_agent.os.version"
	UserAgentSyntheticType = "user_agent.synthetic.type"
	BrowserMobile          = "browser.mobile"
	DeviceModelName        = "device.model.name"
	URLPath                = "url.path"
	ServerAddress          = "server.address"
	HTTPRequestMethod      = "http.request.method"
	HTTPRoute              = "http.route"
	HTTPResponseStatusCode = "http.response.status_code"
	ProcessPID             = "process.pid"
	VCSRefHeadRevision     = "vcs.ref.head.revision"
	LogRecordUID           = "log.record.uid"
	LogFileName            = "log.file.name"
	LogFilePath            = "log.file.path"
	GeoCountryISOCode      = "geo.country.iso_code"
)

// Attributes of the resource, of the semantic conventions as well.
const (
	ServiceName               = "service.name"
	DeploymentEnvironmentName = "deployment.environment.name"
)

// Attributes of our own.
const (
	// EventOriginalName is what the line calls an event that the record calls
	// by another name.
	EventOriginalName = "auth.event.original_name"

	Source       = "auth.source"
	Category     = "auth.category"
	Outcome      = "auth.outcome"
	Method       = "auth.method"
	Provider     = "auth.provider"
	Flow         = "auth.flow"
	FirstLogin   = "auth.first_login"
	Domain       = "auth.domain"
	Context      = "auth.context"
	Step         = "auth.step"
	Limiter      = "auth.limiter"
	PKCEUsed     = "auth.pkce.used"
	PKCEMethod   = "auth.pkce.method"
	AAL          = "auth.aal"
	IAL          = "auth.ial"
	NewDevice    = "auth.new_device"
	RateLimited  = "auth.rate_limited"
	LockedOut    = "auth.locked_out"
	AddPhone     = "auth.add_phone"
	Channel      = "auth.channel"
	Resend       = "auth.resend"
	EmailExists  = "auth.email_already_exists"
	Reason       = "auth.reason"
	Action       = "auth.action"
	Issue        = "auth.issue"
	Count        = "auth.count"
	AccountAge   = "auth.account.age"
	Duration     = "auth.duration"
	ActorID      = "auth.actor.id"
	ActorEmail   = "auth.actor.email"
	ClientID     = "auth.client.id"
	VisitorID    = "auth.visitor.id"
	DeviceType   = "auth.device.type"
	StatusClass  = "auth.http.status_class"
	TimeFallback = "auth.time.fallback"
	ParseError   = "auth.parse.error"
)

// Attributes that pii_scrub adds.
const (
	ScrubPolicy = "pii_scrub.policy"
	ScrubKeyID  = "pii_scrub.key_id"
)

// Attributes that event_sampler adds. The first two are those of collector-contrib's
// probabilistic_sampler, in the encoding of OpenTelemetry's probability sampling.
const (
	SamplingThreshold  = "sampling.threshold"
	SamplingRandomness = "sampling.randomness"
	AdjustedCount      = "auth.adjusted_count"
)

// PreviousSuffix makes of an attribute's name that of its pseudonym under the
// key before.
const PreviousSuffix = ".previous"

// PIIFields is the attribute of a scope that tells which places of its
// records' bodies hold personal data; see pii.EncodeFields.
const PIIFields = "auth.pii.fields"

// Values of Outcome.
const (
	OutcomeSuccess = "success"
	OutcomeFailure = "failure"
)

// Status is an attribute's standing in the semantic conventions, v1.41.0.
type Status string

const (
	// Stable is a name that will not change.
	Stable Status = "stable"
	// Development is a name that may still change.
	Development Status = "development"
	// Contrib is a name that the semantic conventions do not have, and that
	// components of collector-contrib write and read.
	Contrib Status = "contrib"
	// Ours marks a name that the semantic conventions do not have.
	Ours Status = "ours"
)

// Attribute describes one attribute.
type Attribute struct {
	Name   string
	Status Status
	// Kind is the kind of personal data that the value is, whole; pii.Public
	// where it is none.
	Kind  pii.Kind
	Brief string
}

// Record lists the attributes of a log record, in the order of docs.
func Record() []Attribute { return record }

// Resource lists the attributes of a resource.
func Resource() []Attribute { return resource }

// Scrubbed lists the attributes that pii_scrub adds to a record.
func Scrubbed() []Attribute { return scrubbed }

// Sampled lists the attributes that event_sampler adds to a record.
func Sampled() []Attribute { return sampled }

// Elsewhere lists attributes of the semantic conventions that other sources
// write, of spans and metrics above all, and that hold personal data in which a
// search finds nothing. They are not of the vocabulary.
func Elsewhere() []Attribute { return elsewhere }

// KindOf returns the kind of personal data that the value of the named
// attribute is, and whether the name is one of the vocabulary at all.
func KindOf(name string) (kind pii.Kind, known bool) {
	kind, known = kinds[name]
	return kind, known
}

var record = []Attribute{
	{OTelEventName, Stable, pii.Public, "The event name again, for backends that drop the record's EventName."},
	{EventOriginalName, Ours, pii.Public, "What the line calls the event, where the profile knows it under another name."},
	{Source, Ours, pii.Public, "The profile that took the line: hera, login_gov, or a name of your own."},
	{Category, Ours, pii.Public, "What the event is about: password, mfa, social, pkce, …"},
	{Outcome, Ours, pii.Public, "success or failure; absent where the event is neither."},
	{ErrorType, Stable, pii.Public, "The class of the failure; never free text; only on failure."},
	{Method, Ours, pii.Public, "How the user authenticates: totp, sms, webauthn, …, one spelling each."},
	{Provider, Ours, pii.Public, "The social login provider."},
	{Flow, Ours, pii.Public, "The flow that a captcha guards: login, registration, …"},
	{FirstLogin, Ours, pii.Public, "Whether a social login is the user's first."},
	{Domain, Ours, pii.Public, "The identity domain: ciam, iam."},
	{Context, Ours, pii.Public, "Why a factor was asked for: authentication, reauthentication, confirmation."},
	{Step, Ours, pii.Public, "The step of a flow of several: registration, password reset, proofing."},
	{Limiter, Ours, pii.Public, "The rate limiter that was hit."},
	{PKCEUsed, Ours, pii.Public, "Whether the client used PKCE."},
	{PKCEMethod, Ours, pii.Public, "The PKCE code challenge method: S256, plain."},
	{AAL, Ours, pii.Public, "The authenticator assurance level."},
	{IAL, Ours, pii.Public, "The identity assurance level that the client asked for."},
	{NewDevice, Ours, pii.Public, "Whether the user was not known on this device."},
	{RateLimited, Ours, pii.Public, "Whether the attempt was refused by a rate limit."},
	{LockedOut, Ours, pii.Public, "Whether the user was locked out at the time."},
	{AddPhone, Ours, pii.Public, "Whether the factor was asked for to confirm a telephone number that is being added."},
	{Channel, Ours, pii.Public, "How a code was sent: sms, voice, email, push."},
	{Resend, Ours, pii.Public, "Whether a code was sent again."},
	{GeoCountryISOCode, Development, pii.Public, "The country of the telephone number that a code went to."},
	{EmailExists, Ours, pii.Public, "Whether an account with the address that wants to register stood already."},
	{Reason, Ours, pii.Public, "Why an account was locked, or a session ended."},
	{Action, Ours, pii.Public, "What was done to an account: suspended, reinstated, …"},
	{Issue, Ours, pii.Public, "What is wrong with how a client was set up: unsigned_request, scope_without_openid, …"},
	{Count, Ours, pii.Public, "How many the event stands for."},
	{AccountAge, Ours, pii.Public, "The age of the account, in seconds."},
	{Duration, Ours, pii.Public, "The duration of what the event ends, in seconds."},
	{ActorID, Ours, pii.Identity, "The administrator who acted; never user.id."},
	{ActorEmail, Ours, pii.Email, "The e-mail address of the administrator who acted."},
	{ClientID, Ours, pii.Public, "The OAuth client, or the service provider, that the user signs in to."},
	{UserID, Development, pii.Identity, "The user's id at the IdP."},
	{UserEmail, Development, pii.Email, "The user's e-mail address."},
	{UserName, Development, pii.Identity, "The name by which the user signs in."},
	{ClientAddress, Stable, pii.IP, "The address that the user came from."},
	{SessionID, Development, pii.Identity, "The session, or visit."},
	{VisitorID, Ours, pii.Identity, "The device, over several sessions."},
	{UserAgentOriginal, Stable, pii.UserAgent, "The User-Agent header."},
	{UserAgentName, Development, pii.Public, "The browser's name."},
	{UserAgentVersion, Development, pii.Version, "The browser's version."},
	{UserAgentOSName, Development, pii.Public, "The operating system's name."},
	{UserAgentOSVersion, Development, pii.Version, "The operating system's version."},
	{UserAgentSyntheticType, Development, pii.Public, "bot where the IdP took the client for one."},
	{BrowserMobile, Development, pii.Public, "Whether the browser runs on a mobile device."},
	{DeviceModelName, Development, pii.Public, "The device's model."},
	{DeviceType, Ours, pii.Public, "The class of the device: desktop, mobile, tablet."},
	{URLPath, Stable, pii.Path, "The path of the request that the event belongs to."},
	{HTTPRequestMethod, Stable, pii.Public, "The method of the request."},
	{HTTPRoute, Stable, pii.Public, "The route that the request matched."},
	{HTTPResponseStatusCode, Stable, pii.Public, "The status code of the response."},
	{StatusClass, Ours, pii.Public, "The class of the response's status code: 2xx, 4xx."},
	{ServerAddress, Stable, pii.Public, "The host that served the request."},
	{ProcessPID, Development, pii.Public, "The process that wrote the line."},
	{VCSRefHeadRevision, Development, pii.Public, "The revision of the IdP's source."},
	{LogRecordUID, Development, pii.Public, "The record's identity, the same when it is delivered again."},
	{LogFileName, Development, pii.Public, "The name of the file read."},
	{LogFilePath, Development, pii.None, "The path of the file read."},
	{TimeFallback, Ours, pii.Public, "true where the line's time was missing or unusable, and the time of reading stands in."},
	{ParseError, Ours, pii.Public, "Why the line is no event: a code, such as invalid_json."},
}

var resource = []Attribute{
	{ServiceName, Stable, pii.Public, "The IdP: hera, identity-idp."},
	{DeploymentEnvironmentName, Stable, pii.Public, "The environment: production, staging."},
}

var scrubbed = []Attribute{
	{ScrubPolicy, Ours, pii.Public, "The policy that scrubbed the record: 16 hexadecimal digits of its hash."},
	{ScrubKeyID, Ours, pii.Public, "The id of the key that made the record's pseudonyms."},
}

var sampled = []Attribute{
	{SamplingThreshold, Contrib, pii.Public, "How many of all values of the randomness were rejected, in hexadecimal digits without trailing zeros."},
	{SamplingRandomness, Contrib, pii.Public, "What was decided by: 14 hexadecimal digits of a keyed hash of the record's uid."},
	{AdjustedCount, Ours, pii.Public, "How many records this one stands for."},
}

var elsewhere = []Attribute{
	{"enduser.id", Development, pii.Identity, "The user's id or name."},
	{"enduser.pseudo.id", Development, pii.Identity, "The user's id, as a pseudonym of another's making."},
	{"user.full_name", Development, pii.Name, "The user's name."},
	{"user.hash", Development, pii.Identity, "A hash of the user's id, which needs no key."},
	{"session.previous_id", Development, pii.Identity, "The session before."},
	{"device.id", Development, pii.Identity, "The device."},
	{"exception.message", Stable, pii.Text, "The exception's message, which may quote its input."},
	{"exception.stacktrace", Stable, pii.Text, "The stack trace, which begins with the message."},
	{"error.message", Development, pii.Text, "The error's message."},
	{"db.query.text", Stable, pii.Text, "The query, with its values perhaps."},
	{"db.statement", Development, pii.Text, "The former name of db.query.text."},
	{"url.full", Stable, pii.URL, "The URL of the request."},
	{"url.query", Stable, pii.Text, "The query of the request."},
	{"http.url", Development, pii.URL, "The former name of url.full."},
	{"http.target", Development, pii.Path, "The former name of url.path with url.query."},
	{"http.user_agent", Development, pii.UserAgent, "The former name of user_agent.original."},
}

var kinds = func() map[string]pii.Kind {
	m := make(map[string]pii.Kind, len(record)+len(resource)+len(scrubbed)+len(sampled))
	for _, list := range [][]Attribute{record, resource, scrubbed, sampled} {
		for _, a := range list {
			m[a.Name] = a.Kind
		}
	}
	return m
}()
