// Package counting is what a user may say about counting: the YAML keys that
// both event_metrics components share, checked, and made into the definitions
// and the settings of the engine of internal/eventmetrics.
//
// A component squashes Config into its own, calls Check in its Validate, and
// Set and Engine when it is built. Errors name the key as the user wrote it,
// with :: between its parts, as the collector's own errors do.
package counting
