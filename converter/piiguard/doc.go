// Package piiguard is a confmap converter for collectors that read sign-in
// events: it refuses a configuration in which they reach an exporter without
// pii_scrub between, unless that exporter is listed under the top-level key
// trusted_destinations.
//
// It works on the resolved configuration, before any component is made, so a
// refused one opens no file and no port. It imports none of the components, and
// knows them by type.
package piiguard
