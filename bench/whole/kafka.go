package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

// topic measures both sides of a topic, with the shipped configurations and a
// broker in this process.
type topic struct {
	m      *measurement
	file   string
	broker *kfake.Cluster
	runs   int // so that each has a topic or a group of its own
	filled string
}

const (
	rawTopic   = "raw"
	partitions = 4
	// mostRaw bounds the raw lines: each is a message, and so a request of its own.
	mostRaw = 20_000
)

// newTopic starts a broker, and writes the file's lines to a topic of their own.
func newTopic(ctx context.Context, m *measurement, file string, lines int) (*topic, error) {
	broker, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(partitions, rawTopic), kfake.AllowAutoTopicCreation(), kfake.DefaultNumPartitions(partitions))
	if err != nil {
		return nil, err
	}
	t := &topic{m: m, file: file, broker: broker}
	if err := t.writeRaw(ctx, lines); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *topic) close() { t.broker.Close() }

// writeRaw makes a message of each line.
func (t *topic) writeRaw(ctx context.Context, lines int) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(t.broker.ListenAddrs()...), kgo.DefaultProduceTopic(rawTopic))
	if err != nil {
		return err
	}
	defer client.Close()
	f, err := os.Open(t.file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	scanner := bufio.NewScanner(f)
	lines = min(lines, mostRaw)
	written := 0
	first := kgo.AbortingFirstErrPromise(client)
	for ; written < lines && scanner.Scan(); written++ {
		client.Produce(ctx, kgo.StringRecord(scanner.Text()), first.Promise())
	}
	if err := scanner.Err(); err != nil {
		return err
	}
	if err := client.Flush(ctx); err != nil {
		return err
	}
	if err := first.Err(); err != nil {
		return err
	}
	if written != lines {
		return fmt.Errorf("%d lines, not %d", written, lines)
	}
	return nil
}

func (t *topic) env(extra ...string) []string {
	return append([]string{
		"KAFKA_BROKERS=" + strings.Join(t.broker.ListenAddrs(), ","), "OTLP_ENDPOINT=" + t.m.sink.URL(),
		"AUTHEVENTS_INCLUDE=" + os.DevNull,
	}, extra...)
}

// agent writes the file's events to a new topic, which gateway reads.
func (t *topic) agent(ctx context.Context, lines int) (usage, error) {
	t.runs++
	name := fmt.Sprintf("otlp-%d", t.runs)
	client, err := kgo.NewClient(kgo.SeedBrokers(t.broker.ListenAddrs()...), kgo.AllowAutoTopicCreation(), kgo.ConsumeTopics(name))
	if err != nil {
		return usage{}, err
	}
	defer client.Close()
	if err := client.Ping(ctx); err != nil {
		return usage{}, err
	}
	client.ForceMetadataRefresh()
	if lines > 0 {
		t.filled = name
	}
	return t.m.once(ctx, colproc.Options{
		Config: "configs/kafka-agent.yaml", Env: t.env("KAFKA_TOPIC="+name, "AUTHEVENTS_INCLUDE="+input(t.file, lines)),
	}, readAll(lines))
}

func (t *topic) gateway(ctx context.Context, lines int) (usage, error) {
	return t.read(ctx, t.filled, "otlp_proto", lines)
}

func (t *topic) rawGateway(ctx context.Context, lines int) (usage, error) {
	return t.read(ctx, rawTopic, "auth_events_encoding", lines)
}

// read has a gateway take a topic from its beginning; with no lines, nothing of it.
func (t *topic) read(ctx context.Context, name, encoding string, lines int) (usage, error) {
	t.runs++
	if lines == 0 {
		name = "empty"
	}
	before := t.m.sink.Count()
	return t.m.once(ctx, colproc.Options{
		Config: "configs/gateway.yaml",
		Env:    t.env("KAFKA_TOPIC="+name, "KAFKA_ENCODING="+encoding, fmt.Sprint("KAFKA_GROUP=bench-", t.runs)),
	}, func([]colproc.Sample) bool { return t.m.sink.Count()-before >= lines })
}
