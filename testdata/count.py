#!/usr/bin/env python3
"""Counts what the collector should count, straight from the JSON lines.

    testdata/count.py [--without ATTRIBUTE]... FILE...

prints one JSON object: lines, skipped, unparsed, events, duplicates, and under
metrics the value of every series, as "<metric>{attribute=value,...}". It shares
no code and no data with the collector, so that the two can be held against
each other. --without sums an attribute out of all series.

What it assumes:

- Lines end with a newline, with or without a carriage return before it. What
  stands behind the last newline is a line if it is not empty. Bytes that are no
  UTF-8 stand for U+FFFD. A byte-order mark before a file's first line is no
  part of it. Lines have no wrapper (Docker, CRI, compose).
- skipped: spaces, tabs or nothing, and lines that begin with "# Logfile created on".
- An event is one JSON object that a source takes. Hera: "event" is a text and
  "type" is audit, analytics or metric; or "audit" is true and "action" is a
  text. Login.gov: "name" is a text, "properties" is an object, and
  "log_filename" is missing or "events.log". Hera is asked first.
- A line of text that begins with [security][a][b], or with [ERROR] before that,
  is Hera's event a.b.
- unparsed: everything else, also JSON with NaN, with a number beyond a
  float's range, or nested deeper than 64. lines = skipped + unparsed + events.
- duplicates: events whose Login.gov "id" an event before had. They are in
  events, and count in no metric. Equal Hera lines have no id and count each.
- All series have auth.source, and where the line has them auth.domain
  ("domain") and deployment.environment.name ("env"), of Hera alone.
- auth.category is no attribute here: sum it out before you compare auth.events.
- No attribute value is folded into _OTHER for want of room: the files hold few
  distinct clients, providers and reasons.
- auth.outcome: Hera by the ending of the event's name. Login.gov by
  event_properties.success; where that says nothing, by SAYS_ITSELF below, which
  lists the names of the sample that are a failure or a success by themselves.
- auth.login.attempts: Hera's social_login_completed and social_login_failed, of
  which the method is social; Login.gov's "Email and Password Authentication" and
  piv_cac_login.
- auth.mfa.challenges: Hera's mfa_challenge_displayed; Login.gov's pages that
  ask for a factor ("... enter ... visited", multi_factor_auth_enter_piv_cac),
  not the list of options.
- auth.mfa.enrollments: the three events of MFA_ENROLLMENTS below.
  webauthn_setup_submitted is none: Login.gov emits it beside "Multi-Factor
  Authentication Setup".
- auth.pkce.failures: Hera's pkce_failed and auth.pkce.failed; Login.gov's
  "OpenID Connect: token" that failed with an error type of code_verifier or
  code_challenge.
- auth.pkce.duration: duration_ms of auth.pkce.completed, in seconds; as two
  series, auth.pkce.duration_count and auth.pkce.duration_sum.
- auth.captcha.attempts of Login.gov: "reCAPTCHA verify result received".
- auth.password.breach.checks of Login.gov: password_found_on_pwned_list.
- auth.new_device, auth.rate_limited and the like are those of the events that
  METRICS below counts by them; of no other event.
- auth.step is what stands behind the colon of Login.gov's names, in lower case
  and with underscores; of "Account Reset" its event_properties.event.
- auth.otp.sends has the step sent for "Telephony: OTP sent", and selected for
  "OTP: Delivery Selection".
- auth.account.deletions adds event_properties.count where there is one, else 1;
  auth.account.age is account_age_in_days of "Account Reset" and "Account Reset:
  delete", in seconds, and auth.login.duration sign_in_duration_seconds of "SP redirect
  initiated": each as _count and _sum.
- auth.rate_limit.hits: LIMITERS below; of "Rate Limit Reached" its limiter_type.
- auth.account.lockouts: "Password Max Attempts Reached", and sign-ins of which
  user_locked_out is true.
- auth.client.issues: the first of what the request shows, in the order of
  client_issue below.
- auth.admin.actions: Hera's m2m_client.*, social_connection.*, settings.* and
  lockout.released, the action being the event's name.
- auth.stepups: Hera's MFA challenges of which metadata.aal is aal2.
- The files hold no suspensions, and no factors taken off.
- Not counted here: unique users, funnels, and what pairs of events tell; and
  series that are zero.
"""

import argparse
import json
import math
import re
from collections import Counter
from decimal import Decimal

SECURITY = re.compile(r"(?:\[ERROR\])?\[security\]\[([A-Za-z0-9_.:/-]+)\]\[([A-Za-z0-9_.:/-]+)\]")

SAYS_ITSELF = {
    "Multi-Factor Authentication: max attempts reached": "failure",
    "Password Max Attempts Reached": "failure",
    "Rate Limit Reached": "failure",
    "User registration: complete": "success",
    "password_found_on_pwned_list": "failure",
    "sp_integration_errors_present": "failure",
}

METHOD_OF_EVENT = {
    "Email and Password Authentication": "password",
    "Multi-Factor Authentication: enter TOTP visited": "totp",
    "Multi-Factor Authentication: enter backup code visited": "backup_code",
    "Multi-Factor Authentication: enter personal key visited": "personal_key",
    "Multi-Factor Authentication: enter webAuthn authentication visited": "webauthn",
    "TOTP Setup": "totp",
    "WebAuthn Setup Submitted": "webauthn",
    "multi_factor_auth_enter_piv_cac": "piv_cac",
    "piv_cac_login": "piv_cac",
    "webauthn_setup_submitted": "webauthn",
}

SOCIAL_LOGINS = {"social_login_completed", "social_login_failed"}
LOGIN_ATTEMPTS = SOCIAL_LOGINS | {
    "Email and Password Authentication",
    "piv_cac_login",
}
MFA_CHALLENGES = {
    "mfa_challenge_displayed",
    "Multi-Factor Authentication: enter OTP visited",
    "Multi-Factor Authentication: enter TOTP visited",
    "Multi-Factor Authentication: enter backup code visited",
    "Multi-Factor Authentication: enter personal key visited",
    "Multi-Factor Authentication: enter webAuthn authentication visited",
    "multi_factor_auth_enter_piv_cac",
}
MFA_ATTEMPTS = {
    "mfa_challenge_succeeded",
    "mfa_challenge_failed",
    "Multi-Factor Authentication",
}
MFA_ENROLLMENTS = {
    "Multi-Factor Authentication Setup",
    "TOTP Setup",
    "WebAuthn Setup Submitted",
}
OAUTH_AUTHORIZATIONS = {
    "pkce_authorize",
    "auth.pkce.started",
    "OpenID Connect: authorization request",
}
OAUTH_TOKEN_EXCHANGES = {
    "pkce_token_exchange",
    "auth.pkce.completed",
    "OpenID Connect: token",
}
CAPTCHA_ATTEMPTS = {
    "captcha_succeeded",
    "captcha_failed",
    "reCAPTCHA verify result received",
}
BREACH_CHECKS = {
    "breach_check_passed",
    "breach_check_failed",
    "password_found_on_pwned_list",
}

OTP_SENDS = {"Telephony: OTP sent": "sent", "OTP: Delivery Selection": "selected"}
SESSION_ENDS = {
    "Session Timed Out": "timeout",
    "Logout Initiated": "logout",
    "User Maximum Session Length Exceeded": "max_length",
}
LIMITERS = {
    "Multi-Factor Authentication: max attempts reached": "mfa",
    "Password Max Attempts Reached": "password",
    "User Maximum Session Length Exceeded": "session_length",
}
ADMIN_ACTIONS = re.compile(r"(m2m_client|social_connection|settings)\..*|lockout\.released")

# Metric, the events that it counts, and its attributes beside those of every
# series. Events are a set of names, or a pattern of them.
METRICS = [
    (
        "auth.login.attempts",
        LOGIN_ATTEMPTS,
        ["auth.method", "auth.outcome", "error.type", "auth.new_device", "auth.rate_limited"],
    ),
    ("auth.login.completions", {"SP redirect initiated"}, ["auth.client.id", "auth.ial"]),
    ("auth.mfa.challenges", MFA_CHALLENGES, ["auth.method", "auth.context"]),
    (
        "auth.mfa.attempts",
        MFA_ATTEMPTS,
        ["auth.method", "auth.context", "auth.outcome", "error.type", "auth.client.id", "auth.add_phone"],
    ),
    ("auth.mfa.enrollments", MFA_ENROLLMENTS, ["auth.method", "auth.outcome"]),
    ("auth.oauth.authorizations", OAUTH_AUTHORIZATIONS, ["auth.client.id", "auth.pkce.used", "auth.outcome"]),
    ("auth.oauth.token.exchanges", OAUTH_TOKEN_EXCHANGES, ["auth.client.id", "auth.pkce.used", "auth.outcome"]),
    ("auth.social.initiations", {"social_login_initiated"}, ["auth.provider"]),
    ("auth.social.logins", {"social_login_completed"}, ["auth.provider", "auth.first_login"]),
    ("auth.social.links", {"social_link_completed"}, ["auth.provider"]),
    ("auth.captcha.challenges", {"captcha_displayed"}, ["auth.flow"]),
    ("auth.captcha.attempts", CAPTCHA_ATTEMPTS, ["auth.flow", "auth.outcome", "error.type"]),
    ("auth.password.breach.checks", BREACH_CHECKS, ["auth.outcome", "error.type"]),
    ("auth.password.changes", {"Password Changed", "Password Creation"}, ["auth.outcome", "error.type"]),
    ("auth.password.resets", re.compile("Password Reset: .*"), ["auth.step", "auth.outcome"]),
    (
        "auth.registration.steps",
        re.compile("User [Rr]egistration: .*"),
        ["auth.step", "auth.outcome", "auth.email_already_exists"],
    ),
    ("auth.idv.steps", re.compile("IdV: .*"), ["auth.step", "auth.outcome"]),
    (
        "auth.account.deletions",
        re.compile("Account Reset(: .*)?|Account Delet.*"),
        ["auth.step", "auth.outcome"],
    ),
    (
        "auth.otp.sends",
        OTP_SENDS,
        ["auth.step", "auth.channel", "geo.country.iso_code", "auth.resend", "auth.outcome", "error.type"],
    ),
    ("auth.saml.requests", {"SAML Auth"}, ["auth.client.id", "auth.outcome"]),
    ("auth.session.ends", SESSION_ENDS, ["auth.reason"]),
]

# Histograms: the events, the field, and what it is divided by.
HISTOGRAMS = [
    ("auth.pkce.duration", {"auth.pkce.completed"}, "duration_ms", 1000, ["auth.client.id"]),
    ("auth.login.duration", {"SP redirect initiated"}, "sign_in_duration_seconds", 1, ["auth.client.id"]),
    ("auth.account.age", {"Account Reset", "Account Reset: delete"}, "account_age_in_days", Decimal(1) / 86400, ["auth.step"]),
]
EVERYWHERE = ["auth.source", "auth.domain", "deployment.environment.name"]

CODE = re.compile(r"[A-Za-z0-9_.:/-]{1,64}")
EXCEPTION = re.compile(r"[A-Z]\w*(::[A-Z]\w*)+|[A-Z]\w*(Error|Exception)\b")


class BadNumber(ValueError):
    """A number that is no number of JSON, or that no float holds."""


def number(text):
    value = Decimal(text)
    if math.isinf(float(value)):
        raise BadNumber
    return value


def integer(text):
    number(text)
    return int(text)


def no_number(text):
    raise BadNumber


def depth(value):
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def parse(line):
    """Returns the event's source, its name and its members; or None."""
    if found := SECURITY.match(line):
        return "hera", f"{found[1]}.{found[2]}", {}
    try:
        event = json.loads(line, parse_float=number, parse_int=integer, parse_constant=no_number)
        if not isinstance(event, dict) or depth(event) > 64:
            return None
    except (ValueError, RecursionError):
        return None
    if isinstance(event.get("event"), str) and event.get("type") in ("audit", "analytics", "metric"):
        return "hera", event["event"], event
    if event.get("audit") is True and isinstance(event.get("action"), str):
        return "hera", event["action"], event
    if (
        isinstance(event.get("name"), str)
        and isinstance(event.get("properties"), dict)
        and event.get("log_filename", "events.log") == "events.log"
    ):
        return "login_gov", event["name"], event
    return None


def text(value):
    """A value as an attribute has it; None for one that is missing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def first(*values):
    return next((value for value in values if value is not None and value != ""), None)


def first_code(*values):
    """The first value that is a code; _OTHER where all are free text."""
    values = [value for value in values if isinstance(value, str) and value]
    for value in values:
        if CODE.fullmatch(value):
            return value
    return "_OTHER" if values else None


def method(value):
    if value is None:
        return None
    value = str(value).lower().replace("-", "_")
    return "backup_code" if value == "backup_codes" else value


def hera_attributes(name, event):
    pkce = name.startswith(("pkce_", "auth.pkce."))
    attributes = {
        "auth.domain": text(event.get("domain")),
        "deployment.environment.name": text(event.get("env")),
        "auth.method": None if pkce else method(event.get("method")),
        "auth.provider": text(event.get("provider")),
        "auth.flow": text(event.get("flow")),
        "auth.first_login": text(event.get("first_login")),
        "auth.client.id": text(event.get("client_id")),
        "auth.pkce.used": "true" if pkce else None,
    }
    if name.endswith(("_failed", ".failed")):
        attributes["auth.outcome"] = "failure"
        attributes["error.type"] = first_code(
            event.get("reason"), event.get("error_source"), event.get("error_code")
        )
    elif name.endswith(("_succeeded", ".succeeded", "_completed", ".completed", "_passed")):
        attributes["auth.outcome"] = "success"
    return attributes


def key_path(errors):
    """The path of the first member, names sorted; or the class that a text at its end tells."""
    path = []
    while isinstance(errors, dict) and errors:
        path.append(min(errors))
        errors = errors[path[-1]]
    if isinstance(errors, str):
        exception = EXCEPTION.match(errors)
        if path and exception:
            return exception.group()
    # A path with other characters than a code's is somebody's text.
    return first_code(".".join(path))


def login_gov_error(properties):
    telephony = properties.get("telephony_response")
    places = [properties.get("error_details"), properties.get("errors")]
    if isinstance(telephony, dict):
        places.append(telephony.get("errors"))
    for errors in places:
        if isinstance(errors, dict) and errors:
            return key_path(errors)
    return first_code(properties.get("error"))


def login_gov_outcome(name, success):
    # In Python True == 1, so the numbers and the booleans are one case each.
    if success in (True, "1", "true"):
        return "success"
    if success in (False, "0", "false"):
        return "failure"
    return SAYS_ITSELF.get(name)


def login_gov_attributes(name, event):
    request = event["properties"]
    properties = request.get("event_properties")
    if not isinstance(properties, dict):
        properties = {}
    attributes = {
        "auth.method": method(
            first(
                properties.get("multi_factor_auth_method"),
                properties.get("mfa_method"),
                properties.get("otp_delivery_preference"),
                METHOD_OF_EVENT.get(name),
            )
        ),
        "auth.context": text(properties.get("context")),
        "auth.client.id": text(first(request.get("service_provider"), properties.get("client_id"))),
        "auth.pkce.used": text(
            first(properties.get("code_challenge_present"), properties.get("code_verifier_present"))
        ),
        "auth.outcome": login_gov_outcome(name, properties.get("success")),
    }
    if attributes["auth.outcome"] == "failure":
        attributes["error.type"] = login_gov_error(properties)
    attributes.update(login_gov_details(name, properties))
    return attributes


def login_gov_details(name, properties):
    """What single metrics are counted by, of the events that they count."""
    details = {}
    for attribute, field, events in (
        ("auth.new_device", "new_device", LOGIN_ATTEMPTS),
        ("auth.rate_limited", "rate_limited", LOGIN_ATTEMPTS),
        ("auth.add_phone", "confirmation_for_add_phone", MFA_ATTEMPTS),
        ("auth.email_already_exists", "email_already_exists", {"User Registration: Email Submitted"}),
        ("auth.resend", "resend", OTP_SENDS),
        ("auth.ial", "ial", {"SP redirect initiated"}),
    ):
        if name in events:
            details[attribute] = text(properties.get(field))
    if name in OTP_SENDS:
        details["auth.step"] = OTP_SENDS[name]
        details["auth.channel"] = method(text(properties.get("otp_delivery_preference")))
        country = text(properties.get("country_code"))
        details["geo.country.iso_code"] = country and country.upper()
    elif name == "Account Reset":
        step = text(properties.get("event"))
        details["auth.step"] = step and step.replace(" ", "_")
    elif ": " in name:
        details["auth.step"] = name.split(": ", 1)[1].lower().replace(" ", "_")
    elif name.startswith("Account Delet"):
        details["auth.step"] = name.removeprefix("Account ").lower().replace(" ", "_")
    details["auth.reason"] = SESSION_ENDS.get(name)
    return details


def pkce_failed(name, attributes):
    if name in ("pkce_failed", "auth.pkce.failed"):
        return True
    error = attributes.get("error.type") or ""
    return name == "OpenID Connect: token" and error.split(".")[0] in ("code_verifier", "code_challenge")


def is_true(value):
    return value in (True, "1", "true")


def client_issue(name, properties):
    """The gravest of what a client did wrong; None for nothing."""
    if name == "sp_integration_errors_present":
        return "integration_error"
    if name == "OIDC Logout Requested" and is_true(properties.get("id_token_hint_parameter_present")):
        return "id_token_hint"
    if name == "SAML Auth Request":
        signed = properties.get("request_signed")
        if signed is not None and not is_true(signed):
            return "unsigned_request"
        if is_true(signed) and not properties.get("matching_cert_serial"):
            return "no_matching_certificate"
    scope = properties.get("scope")
    if name == "OpenID Connect: authorization request" and scope and "openid" not in scope:
        return "scope_without_openid"
    if name in ("SAML Auth Request", "OpenID Connect: authorization request"):
        levels = json.dumps([properties.get("acr_values"), properties.get("authn_context")], default=str)
        if "ns/assurance/loa" in levels:
            return "deprecated_loa"
        if "assurance/aal/3" in levels:
            return "deprecated_aal3"
    return None


def counts_in(name, events):
    return events.fullmatch(name) if isinstance(events, re.Pattern) else name in events


class Counts:
    def __init__(self, without):
        self.without = set(without)
        self.totals = Counter()
        self.metrics = Counter()
        self.ids = set()

    def add(self, metric, attributes, names, value=1):
        shown = sorted(
            f"{name}={attributes[name]}"
            for name in EVERYWHERE + names
            if attributes.get(name) is not None and name not in self.without
        )
        self.metrics[metric + "{" + ",".join(shown) + "}"] += value

    def line(self, line):
        self.totals["lines"] += 1
        if not line.strip(" \t\r") or line.startswith("# Logfile created on"):
            self.totals["skipped"] += 1
            return
        parsed = parse(line)
        if parsed is None:
            self.totals["unparsed"] += 1
            return
        self.totals["events"] += 1
        self.event(*parsed)

    def event(self, source, name, event):
        if source == "hera":
            attributes = hera_attributes(name, event)
        else:
            if event.get("id") is not None:
                if event["id"] in self.ids:
                    self.totals["duplicates"] += 1
                    return
                self.ids.add(event["id"])
            attributes = login_gov_attributes(name, event)
        attributes["auth.source"] = source
        attributes["otel.event.name"] = name

        self.add("auth.events", attributes, ["otel.event.name", "auth.outcome"])
        properties = event
        if source == "login_gov":
            properties = event["properties"].get("event_properties")
            properties = properties if isinstance(properties, dict) else {}
        for metric, events, names in METRICS:
            if counts_in(name, events):
                social = metric == "auth.login.attempts" and name in SOCIAL_LOGINS
                value = 1
                if metric == "auth.account.deletions":
                    value = properties.get("count", 1)
                self.add(metric, {**attributes, "auth.method": "social"} if social else attributes, names, value)
        self.single(source, name, properties, attributes)
        if pkce_failed(name, attributes):
            self.add("auth.pkce.failures", attributes, ["auth.client.id", "error.type"])
        for metric, events, field, unit, names in HISTOGRAMS:
            if name in events and isinstance(properties.get(field), (int, Decimal)):
                self.add(metric + "_count", attributes, names)
                self.add(metric + "_sum", attributes, names, Decimal(properties[field]) / unit)

    def single(self, source, name, properties, attributes):
        """Metrics of which the value of an attribute takes more than a name."""
        limiter = LIMITERS.get(name)
        if name == "Rate Limit Reached":
            limiter = text(properties.get("limiter_type"))
        if limiter:
            self.add("auth.rate_limit.hits", {**attributes, "auth.limiter": limiter}, ["auth.limiter"])
        reason = None
        if name == "Password Max Attempts Reached":
            reason = "password_max_attempts"
        elif name == "Email and Password Authentication" and is_true(properties.get("user_locked_out")):
            reason = "user_locked_out"
        if reason:
            self.add("auth.account.lockouts", {**attributes, "auth.reason": reason}, ["auth.reason"])
        issue = client_issue(name, properties) if source == "login_gov" else None
        if issue:
            self.add("auth.client.issues", {**attributes, "auth.issue": issue}, ["auth.client.id", "auth.issue"])
        metadata = properties.get("metadata")
        if name.startswith("mfa_challenge_") and isinstance(metadata, dict) and metadata.get("aal") == "aal2":
            self.add("auth.stepups", {**attributes, "auth.aal": "aal2"}, ["auth.aal", "auth.outcome"])
        if source == "hera" and ADMIN_ACTIONS.fullmatch(name):
            self.add("auth.admin.actions", {**attributes, "auth.action": name}, ["auth.action", "auth.outcome"])

    def result(self):
        result = {key: self.totals[key] for key in ("lines", "skipped", "unparsed", "events", "duplicates")}
        result["metrics"] = {
            key: float(value) if isinstance(value, Decimal) else value for key, value in self.metrics.items()
        }
        return result


def main():
    arguments = argparse.ArgumentParser(description="Counts events, as the collector should.")
    arguments.add_argument("--without", action="append", default=[], metavar="ATTRIBUTE", help="sum it out of all series")
    arguments.add_argument("files", nargs="+", metavar="FILE")
    options = arguments.parse_args()
    counts = Counts(options.without)
    for path in options.files:
        with open(path, "rb") as file:
            content = file.read().decode("utf-8-sig", errors="replace")
        lines = content.split("\n")
        if lines[-1] == "":
            lines.pop()
        for line in lines:
            counts.line(line)
    print(json.dumps(counts.result(), indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
