//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// destination is a shipped config as its user runs it.
type destination struct {
	config  string
	env     func(url string) []string
	overlay []string
	// logs and metrics say what leaves by HTTP, scraped that there are counts at
	// PROMETHEUS_PORT.
	logs, metrics, scraped bool
}

// soon has what waits for an interval not wait for the test.
const soon = "yaml:connectors::event_metrics::interval: 300ms"

var destinations = []destination{
	{
		config: "loki", logs: true, scraped: true, overlay: []string{soon},
		env: func(url string) []string {
			return []string{"LOKI_ENDPOINT=" + url, "LOKI_MAX_AGE_MINUTES=100000000", "LOKI_TENANT=identity"}
		},
	},
	{
		config: "honeycomb", logs: true, metrics: true, overlay: []string{soon},
		env: func(url string) []string {
			return []string{"HONEYCOMB_ENDPOINT=" + url, "HONEYCOMB_API_KEY=0123456789"}
		},
	},
	{
		config: "datadog", logs: true, metrics: true, overlay: []string{soon},
		env: func(url string) []string {
			return []string{"DD_LOGS_ENDPOINT=" + url, "DD_METRICS_ENDPOINT=" + url, "DD_API_KEY=dd0c0ffee0ddc0ffee0ddc0ffee0dd00"}
		},
	},
	{
		config: "datadog-otlp", logs: true, metrics: true, overlay: []string{soon},
		env: func(url string) []string {
			return []string{"DD_OTLP_ENDPOINT=" + url, "DD_API_KEY=dd0c0ffee0ddc0ffee0ddc0ffee0dd00"}
		},
	},
	{
		config: "cloudwatch", logs: true, metrics: true, overlay: []string{soon},
		env: func(url string) []string {
			return []string{
				"CLOUDWATCH_LOGS_ENDPOINT=" + url, "CLOUDWATCH_METRICS_ENDPOINT=" + url, "AWS_REGION=eu-central-1",
				"AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=0123456789", "AWS_EC2_METADATA_DISABLED=true",
			}
		},
	},
	{config: "prometheus", scraped: true, overlay: []string{soon}},
	{
		config: "prometheus-remote-write", metrics: true,
		env: func(url string) []string {
			return []string{"REMOTE_WRITE_ENDPOINT=" + url + "/api/v1/write", "METRICS_INTERVAL=300ms", "INSTANCE=idp-1"}
		},
	},
	{
		config: "high-volume", logs: true,
		env: func(url string) []string { return []string{"OTLP_ENDPOINT=" + url, "SAMPLER_PER_SECOND=100000"} },
	},
	{
		config: "lossless", logs: true,
		env: func(url string) []string { return []string{"OTLP_ENDPOINT=" + url} },
	},
}

// TestNoCanaryReachesADestination: where TestNoCanarySurvives searches all that one
// config gives out, this one searches what each destination gets by the config
// that is shipped for it. The search finds all of them at one without pii_scrub.
func TestNoCanaryReachesADestination(t *testing.T) {
	lines, planted, input := planting(t)
	t.Run("kafka", func(t *testing.T) {
		t.Parallel()
		throughKafka(t, input, lines, planted)
	})
	for _, d := range destinations {
		t.Run(d.config, func(t *testing.T) {
			t.Parallel()
			requireNoCanary(t, d.run(t, input, len(lines)), planted)
		})
	}
	t.Run("loki without pii_scrub", func(t *testing.T) {
		t.Parallel()
		d := destinations[0]
		d.overlay = append([]string{unscrubbedLoki}, d.overlay...)
		sent := map[string]string{"sent": d.run(t, input, len(lines))["sent"]}
		found := search(sent, planted)
		for _, c := range planted {
			if _, ok := found[c.value]; !ok {
				t.Errorf("the %s of place %q is not found: %s", c.kind, c.place, c.value)
			}
		}
	})
}

// unscrubbedLoki is laid over configs/loki.yaml.
const unscrubbedLoki = "yaml:{trusted_destinations: [otlp_http/loki, prometheus], service: {pipelines: {logs: {processors: [transform/loki]}}}}"

// TestNoCanaryInAnAnswer: a destination that quotes in its refusal what it was sent
// brings that into the collector's log, and nothing of it is personal. Without
// pii_scrub it is, as docs/operations.md says.
func TestNoCanaryInAnAnswer(t *testing.T) {
	_, planted, input := planting(t)
	for name, overlay := range map[string]string{"scrubbed": soon, "without pii_scrub": unscrubbedLoki} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSinkhole(t)
			s.quotes = true
			p := e2etest.Start(t, colproc.Options{
				Config: "configs/loki.yaml", Overlays: []string{overlay},
				Env: append(destinations[0].env(s.url), "AUTHEVENTS_INCLUDE="+input, "STATE_DIR="+t.TempDir()),
			})
			require.Eventually(t, func() bool { return strings.Contains(p.Log(), "mfa_challenge_failed") }, e2etest.Patience, 50*time.Millisecond,
				"the answer is in the log")
			p.Kill()
			texts := map[string]string{"log": p.Log()}
			if overlay == unscrubbedLoki {
				assert.NotEmpty(t, search(texts, planted))
				return
			}
			requireNoCanary(t, texts, planted)
		})
	}
}

// planting writes the lines of plant to a file.
func planting(t *testing.T) (lines []string, planted []canary, file string) {
	t.Helper()
	lines, planted = plant()
	file = filepath.Join(t.TempDir(), "canaries.ndjson")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	return lines, planted, file
}

// run sends the lines, and returns all that left the collector, and what it
// keeps, by name.
func (d destination) run(t *testing.T, input string, lines int) map[string]string {
	t.Helper()
	s := newSinkhole(t)
	state := t.TempDir()
	env := []string{"AUTHEVENTS_INCLUDE=" + input, "STATE_DIR=" + state}
	if d.env != nil {
		env = append(env, d.env(s.url)...)
	}
	p := e2etest.Start(t, colproc.Options{Config: "configs/" + d.config + ".yaml", Overlays: d.overlay, Env: env})
	texts := map[string]string{}
	awaitSum(t, p, p.TelemetryURL, linesRead, lines)
	if d.scraped {
		awaitSum(t, p, p.MetricsURL, "auth_events_total", 1)
		texts["counts"] = get(t, p.MetricsURL)
	}
	s.await(t, p, d.logs, d.metrics, lines)
	texts["own metrics"] = get(t, p.TelemetryURL)
	e2etest.Stop(t, p)
	texts["log"], texts["stdout"] = p.Log(), p.Stdout()
	texts["sent"], _, _ = s.got()
	filesBelow(t, "state", state, texts)
	requireKept(t, texts)
	return texts
}

// awaitSum waits until the collector serves a metric that is at least so large.
func awaitSum(t *testing.T, p *colproc.Process, url, metric string, at int) {
	t.Helper()
	_, err := colproc.Await(t.Context(), url, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, metric) >= float64(at)
	})
	require.NoError(t, err, "%s: %s", metric, p.Log())
}

// await waits until each line has come as a log record, and counts at all.
func (s *sinkhole) await(t *testing.T, p *colproc.Process, logs, metrics bool, lines int) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, records, requests := s.got()
		return (!logs || records >= lines) && (!metrics || requests > 0)
	}, e2etest.Patience, 50*time.Millisecond, p.Log())
}

// requireKept: the key is the collector's alone.
func requireKept(t *testing.T, texts map[string]string) {
	t.Helper()
	key := canary{value: e2etest.Key, needles: []string{e2etest.Key}}
	for _, place := range search(texts, []canary{key}) {
		t.Errorf("the key is found in %s", place)
	}
}

func requireNoCanary(t *testing.T, texts map[string]string, planted []canary) {
	t.Helper()
	found := search(texts, planted)
	for _, c := range planted {
		if place, ok := found[c.value]; ok {
			t.Errorf("the %s of place %q is found in %s: %s", c.kind, c.place, place, c.value)
		}
	}
}

const (
	otlpTopic    = "auth-events-otlp"
	trustedTopic = "auth-events-identities" // as configs/kafka-agent.yaml says in a comment
	rawTopic     = "auth-events"
)

// throughKafka: the agent's topic and what a gateway makes of it, its own metrics
// among it, have no canary; nor has what gateways make of a topic of raw lines, or
// of one with identities.
func throughKafka(t *testing.T, input string, lines []string, planted []canary) {
	t.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(3, otlpTopic, trustedTopic, rawTopic))
	require.NoError(t, err)
	t.Cleanup(fake.Close)
	brokers := "KAFKA_BROKERS=" + strings.Join(fake.ListenAddrs(), ",")
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.DefaultProduceTopic(rawTopic))
	require.NoError(t, err)
	defer client.Close()
	// An id that looks like the encoding's, of which transform/uid keeps a part: what
	// is cut out of an address before the scrubber, no scrubber finds.
	cut := canary{kind: "email", place: "an id like a uid of the encoding's", value: "cutcanaryxyz0001@nest.example", needles: []string{"cutcanaryxyz0001"}}
	planted = append(slices.Clone(planted), cut)
	raw := append(slices.Clone(lines), `{"name":"x","properties":{},"id":"payload/0123456789abcdef/`+cut.value+`"}`)
	for _, line := range raw {
		client.Produce(t.Context(), &kgo.Record{Value: []byte(line)}, nil)
	}
	require.NoError(t, client.Flush(t.Context()))

	texts := map[string]string{}
	for topic, overlays := range map[string][]string{
		otlpTopic:    nil,
		trustedTopic: {"yaml:{trusted_destinations: [kafka], service: {pipelines: {logs: {processors: [transform/partition]}}}}"},
	} {
		state := t.TempDir()
		agent := e2etest.Start(t, colproc.Options{Config: "configs/kafka-agent.yaml", Overlays: overlays, Env: []string{
			brokers, "KAFKA_TOPIC=" + topic, "AUTHEVENTS_INCLUDE=" + input, "STATE_DIR=" + state,
		}})
		awaitSum(t, agent, agent.TelemetryURL, "otelcol_exporter_sent_log_records_total", len(lines))
		texts["own metrics of the agent to "+topic] = get(t, agent.TelemetryURL)
		e2etest.Stop(t, agent)
		texts["log of the agent to "+topic] = agent.Log()
		filesBelow(t, "state of the agent to "+topic, state, texts)
	}
	texts["topic"] = topicText(t, fake.ListenAddrs(), otlpTopic, len(lines))
	identities := search(map[string]string{"topic": topicText(t, fake.ListenAddrs(), trustedTopic, len(lines))}, planted)
	assert.Greater(t, len(identities), len(planted)*9/10, "the topic with identities has them")

	for name, c := range map[string]struct {
		config  string
		env     []string
		records int
		metrics bool
	}{
		"gateway":               {"gateway", []string{"KAFKA_TOPIC=" + otlpTopic}, len(lines), true},
		"gateway of identities": {"gateway", []string{"KAFKA_TOPIC=" + trustedTopic, "KAFKA_GROUP=trusted"}, len(lines), true},
		"gateway of raw lines":  {"gateway", []string{"KAFKA_TOPIC=" + rawTopic, "KAFKA_GROUP=raw", "KAFKA_ENCODING=auth_events_encoding"}, len(raw), true},
		"kafka.yaml":            {"kafka", []string{"KAFKA_TOPIC=" + rawTopic}, len(raw), false},
	} {
		s := newSinkhole(t)
		p := e2etest.Start(t, colproc.Options{
			Config: "configs/" + c.config + ".yaml", Env: append(c.env, brokers, "OTLP_ENDPOINT="+s.url, "METRICS_INTERVAL=300"),
		})
		s.await(t, p, true, c.metrics, c.records)
		texts[name+"'s own metrics"] = get(t, p.TelemetryURL)
		e2etest.Stop(t, p)
		texts[name+"'s log"] = p.Log()
		texts["sent by "+name], _, _ = s.got()
	}
	requireKept(t, texts)
	requireNoCanary(t, texts, planted)
}

// topicText is all of an agent's topic: keys, headers, and values, as they are
// and decoded.
func topicText(t *testing.T, brokers []string, topic string, records int) string {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	require.NoError(t, err)
	defer client.Close()
	var b strings.Builder
	for n := 0; n < records; {
		fetches := client.PollFetches(t.Context())
		require.NoError(t, fetches.Err())
		fetches.EachRecord(func(m *kgo.Record) {
			request := plogotlp.NewExportRequest()
			require.NoError(t, request.UnmarshalProto(m.Value))
			text, err := request.MarshalJSON()
			require.NoError(t, err)
			n += request.Logs().LogRecordCount()
			b.Write(slices.Concat(m.Key, []byte("\n"), m.Value, []byte("\n"), text, []byte("\n")))
			for _, h := range m.Headers {
				b.WriteString(h.Key + ": " + string(h.Value) + "\n")
			}
		})
	}
	return b.String()
}
