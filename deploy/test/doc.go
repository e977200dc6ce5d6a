// Package deploy holds deploy/ against what reads it: each collector config is
// validated by the built binary, kustomize builds each overlay, the Kubernetes
// types, compose, BuildKit's parser and systemd read the rest. It is a module of
// its own, so that none of them is a dependency of the components.
package deploy
