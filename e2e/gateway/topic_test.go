//go:build unix

// Package gateway runs gateways, configs/gateway.yaml, behind a topic that agents,
// configs/kafka-agent.yaml, have filled. `make e2e` builds the collector first.
package gateway

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

const (
	topic      = "auth-events-otlp"
	partitions = 6
)

// cluster is a Kafka in the test's process.
type cluster struct {
	brokers string
	client  *kgo.Client
	admin   *kadm.Client
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(2), kfake.SeedTopics(partitions, topic))
	require.NoError(t, err)
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.DefaultProduceTopic(topic))
	require.NoError(t, err)
	t.Cleanup(func() {
		client.Close()
		fake.Close()
	})
	return &cluster{strings.Join(fake.ListenAddrs(), ","), client, kadm.NewClient(client)}
}

// fill has an agent write the files that match include to the topic.
func (c *cluster) fill(t *testing.T, include string, records int) {
	t.Helper()
	agent := e2etest.Start(t, colproc.Options{Config: "configs/kafka-agent.yaml", Env: []string{
		"KAFKA_BROKERS=" + c.brokers, "KAFKA_TOPIC=" + topic, "AUTHEVENTS_INCLUDE=" + include, "STATE_DIR=" + t.TempDir(),
	}})
	_, err := colproc.Await(t.Context(), agent.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_exporter_sent_log_records_total") >= float64(records)
	})
	require.NoError(t, err, agent.Log())
	e2etest.Stop(t, agent)
}

// gateway starts one in a group of gateways.
func (c *cluster) gateway(t *testing.T, group string, s *sink, env ...string) *colproc.Process {
	t.Helper()
	return e2etest.Start(t, colproc.Options{
		Config: "configs/gateway.yaml",
		Env: append([]string{
			"KAFKA_BROKERS=" + c.brokers, "KAFKA_TOPIC=" + topic, "KAFKA_GROUP=" + group, "OTLP_ENDPOINT=" + s.URL, "METRICS_INTERVAL=200",
		}, env...),
	})
}

// awaitTwo waits until a group has two members, and they have all partitions.
func (c *cluster) awaitTwo(t *testing.T, group string) {
	t.Helper()
	require.Eventually(t, func() bool {
		groups, err := c.admin.DescribeGroups(t.Context(), group)
		g := groups[group]
		return err == nil && g.State == "Stable" && len(g.Members) == 2 && len(g.AssignedPartitions()[topic]) == partitions
	}, e2etest.Patience, 20*time.Millisecond)
}

// awaitCommitted waits until a group has committed every message.
func (c *cluster) awaitCommitted(t *testing.T, group string) {
	t.Helper()
	require.Eventually(t, func() bool {
		lag, err := c.admin.Lag(t.Context(), group)
		return err == nil && lag.Error() == nil && lag[group].Lag.Total() == 0
	}, e2etest.Patience, 20*time.Millisecond)
}
