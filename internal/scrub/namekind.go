package scrub

import "github.com/authevents/otelcol-auth/internal/pii"

// NameKind is what pii_scrub takes a string or number for that stands under this
// name and that no profile lists; pii.None where the name tells nothing. It is for
// who proposes a kind: user_id is an identity, given_name a name, otp a secret.
func NameKind(name string) pii.Kind { return nameKind(name) }
