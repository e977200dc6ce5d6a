package deploy

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// TestNetworkIsClosed: in each namespace a policy denies all, for all pods, both
// ways; and each workload has one that lets it do its work, by ports that it has.
func TestNetworkIsClosed(t *testing.T) {
	for _, overlay := range overlays {
		c := build(t, overlay)
		denied := map[string]bool{}
		for _, p := range c.policies {
			if len(p.Spec.PodSelector.MatchLabels) == 0 {
				assert.Empty(t, p.Spec.Ingress, p.Name)
				assert.Empty(t, p.Spec.Egress, p.Name)
				assert.Len(t, p.Spec.PolicyTypes, 2, p.Name)
				denied[p.Namespace] = true
				continue
			}
			pods := c.pods(p.Namespace, p.Spec.PodSelector.MatchLabels)
			require.Len(t, pods, 1, "%s/%s", overlay, p.Name)
			for _, rule := range p.Spec.Ingress {
				assert.NotEmpty(t, rule.From, "%s lets everybody in", p.Name)
				for _, port := range rule.Ports {
					require.Equal(t, intstr.String, port.Port.Type, p.Name)
					assert.NotZero(t, pods[0].port(port.Port.StrVal), "%s/%s: %s", overlay, p.Name, port.Port.StrVal)
				}
			}
			for _, rule := range p.Spec.Egress {
				assert.NotEmpty(t, rule.To, "%s lets everything out", p.Name)
				assert.NotEmpty(t, rule.Ports, p.Name)
			}
		}
		for _, w := range c.workloads {
			assert.True(t, denied[w.meta.Namespace], w.meta.Namespace)
			assert.True(t, c.maySendTo(w, 53), "%s: DNS", w.meta.Name)
		}
	}
}

// TestPrivateAddressesAreOutOfReach: HTTPS goes to a vendor, so not to what else
// is in the cluster or its network, nor to the cloud's metadata service, which
// hands out credentials.
func TestPrivateAddressesAreOutOfReach(t *testing.T) {
	blocks := 0
	for _, overlay := range overlays {
		for _, p := range build(t, overlay).policies {
			for _, rule := range p.Spec.Egress {
				var open []networkingv1.IPBlock
				for _, to := range rule.To {
					if to.IPBlock != nil {
						open = append(open, *to.IPBlock)
					}
				}
				if len(open) == 0 {
					continue
				}
				blocks++
				for _, private := range []string{
					"10.96.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "127.0.0.1", "0.0.0.0",
					"169.254.169.254", "169.254.170.2", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "::1",
				} {
					assert.False(t, reaches(t, open, private), "%s: %s", p.Name, private)
				}
				for _, public := range []string{"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111"} {
					assert.True(t, reaches(t, open, public), "%s: %s", p.Name, public)
				}
			}
		}
	}
	assert.Equal(t, len(overlays), blocks, "one gateway each")
}

// reaches tells whether one of the blocks has the address.
func reaches(t *testing.T, blocks []networkingv1.IPBlock, address string) bool {
	t.Helper()
	in := func(cidr string) bool {
		prefix, err := netip.ParsePrefix(cidr)
		require.NoError(t, err)
		return prefix.Contains(netip.MustParseAddr(address))
	}
	return slices.ContainsFunc(blocks, func(b networkingv1.IPBlock) bool {
		return in(b.CIDR) && !slices.ContainsFunc(b.Except, in)
	})
}

// maySendTo tells whether a policy lets a workload's pods out to a port.
func (c *cluster) maySendTo(w workload, port int32) bool {
	for _, p := range c.policies {
		if p.Namespace != w.meta.Namespace || !selects(p.Spec.PodSelector.MatchLabels, w.pod.Labels) {
			continue
		}
		for _, rule := range p.Spec.Egress {
			for _, q := range rule.Ports {
				if q.Port.IntVal == port {
					return true
				}
			}
		}
	}
	return false
}

// TestDestinationsAreReachable: what the configs are told to call, a policy lets
// them call; and a Service of ours is there, and lets them in.
func TestDestinationsAreReachable(t *testing.T) {
	for _, overlay := range overlays {
		c := build(t, overlay)
		calls := 0
		for _, w := range c.workloads {
			data := c.configMaps[name{w.meta.Namespace, w.collector(t).EnvFrom[0].ConfigMapRef.Name}].Data
			if brokers := data["KAFKA_BROKERS"]; brokers != "" {
				calls++
				_, port, _ := strings.Cut(brokers, ":")
				assert.True(t, c.maySendTo(w, number(t, port)), "%s: %s", w.meta.Name, brokers)
			}
			endpoint, err := url.Parse(data["OTLP_ENDPOINT"])
			require.NoError(t, err)
			if endpoint.Host == "" {
				continue
			}
			calls++
			port := int32(443)
			if endpoint.Port() != "" {
				port = number(t, endpoint.Port())
			}
			assert.True(t, c.maySendTo(w, port), "%s: %s", w.meta.Name, endpoint)
			if called, ok := strings.CutSuffix(endpoint.Hostname(), ".svc"); ok {
				c.letsIn(t, called, port)
			}
		}
		assert.Equal(t, map[string]int{"minimal": 2, "kafka": 3}[overlay], calls)
	}
}

// letsIn fails unless a Service, <name>.<namespace>, is there with the port, and
// a policy of its pods names that port for the agents.
func (c *cluster) letsIn(t *testing.T, called string, port int32) {
	t.Helper()
	service, namespace, _ := strings.Cut(called, ".")
	for _, s := range c.services {
		if s.Name != service || s.Namespace != namespace {
			continue
		}
		for _, p := range s.Spec.Ports {
			if p.Port != port {
				continue
			}
			for _, policy := range c.policies {
				for _, rule := range policy.Spec.Ingress {
					if policy.Namespace == namespace && hasPort(rule, p.TargetPort.StrVal) {
						assert.Equal(t, "otelcol-auth-agent", rule.From[0].NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"])
						return
					}
				}
			}
		}
	}
	t.Errorf("no Service %s with port %d that lets agents in", called, port)
}

func hasPort(rule networkingv1.NetworkPolicyIngressRule, called string) bool {
	for _, p := range rule.Ports {
		if p.Port.StrVal == called {
			return true
		}
	}
	return false
}

func number(t *testing.T, text string) int32 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 32)
	require.NoError(t, err)
	return int32(n)
}
