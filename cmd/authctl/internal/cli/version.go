package cli

// version is the collector's, dist.version of builder-config.yaml. Both are built of
// one commit, and a test holds them together.
const version = "0.1.0"
