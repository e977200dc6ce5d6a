package eventmetrics

// Sources of the built-in catalogue, in tests.
const (
	hera     = "hera"
	loginGov = "login_gov"
)
