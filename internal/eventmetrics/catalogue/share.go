package catalogue

// share is the query for what a part is of a whole, by labels. Prometheus drops
// a pair without its other half: who never failed has no series of failures, so
// the part is 0 there. Where nothing happened there is no share.
func share(labels, part, whole string) string {
	part, whole = sumBy(labels, part), sumBy(labels, whole)
	return "(" + part + " or 0 * " + whole + ")\n  / (" + whole + " > 0)"
}

// shareOfBoth is share for a whole that is the part and the rest.
func shareOfBoth(labels, part, rest string) string {
	part, rest = sumBy(labels, part), sumBy(labels, rest)
	part, rest = "("+part+" or 0 * "+rest+")", "("+rest+" or 0 * "+part+")"
	return part + "\n  / (" + part + " + " + rest + " > 0)"
}

func sumBy(labels, series string) string {
	if labels == "" {
		return "sum(" + series + ")"
	}
	return "sum by (" + labels + ") (" + series + ")"
}
