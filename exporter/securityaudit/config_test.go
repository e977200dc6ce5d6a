package securityaudit

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
	"go.yaml.in/yaml/v3"
)

// load reads a config as the collector does.
func load(t *testing.T, text string) (*Config, error) {
	t.Helper()
	var raw map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &raw))
	c := defaultConfig()
	if err := confmap.NewFromStringMap(raw).Unmarshal(c); err != nil {
		return nil, err
	}
	return c, xconfmap.Validate(c)
}

func TestConfig(t *testing.T) {
	for _, text := range []string{
		"dsn: postgres://u@db.example.com/audit",
		"dsn: postgres://u:p@db.example.com/audit?sslmode=verify-full&sslrootcert=",
		"dsn: host=db.example.com user=u dbname=audit",
		"dsn: postgres://u@127.0.0.1/audit",
		"dsn: postgres://u@localhost/audit?sslmode=disable",
		"dsn: postgres://u@[::1]/audit?sslmode=prefer",
		"dsn: host=/run/postgresql user=u dbname=audit",
		"dsn: postgres://u:12%2Fp@localhost/a%40b?application_name=x",
		"{dsn: postgres://u@localhost/audit, create_table: true, partition_by: month, rejected_table: refused, schema: audit}",
		"{dsn: postgres://u@localhost/audit, layout: ciam_log, sending_queue: {queue_size: 10}}",
	} {
		_, err := load(t, text)
		assert.NoError(t, err, text)
	}
}

func TestConfigErrors(t *testing.T) {
	const dsn = "dsn: postgres://u@localhost/audit, "
	for text, want := range map[string]string{
		"{}":                                   "dsn: is empty: set it to postgres://",
		"dsn: postgres://u:p%@localhost/audit": "dsn: can't be read",
		"dsn: nonsense":                        "dsn: can't be read",
		"dsn: postgres://u@db.example.com/audit?sslmode=disable":           "dsn: the connection to db.example.com is not verified",
		"dsn: postgres://u@db.example.com/audit?sslmode=prefer":            "use sslmode=verify-full",
		"dsn: postgres://u@db.example.com/audit?sslmode=require":           "use sslmode=verify-full",
		"dsn: postgres://u@db.example.com/audit?sslmode=verify-ca":         "use sslmode=verify-full",
		"dsn: host=db.example.com user=u sslmode=require":                  "use sslmode=verify-full",
		"dsn: postgres://u@localhost,db2.example.com/audit?sslmode=prefer": "the connection to db2.example.com is not verified",
		"{" + dsn + "partition_by: month}":                                 "partition_by: partitions are made with create_table: true alone",
		"{" + dsn + "create_table: true, partition_by: week}":              `partition_by: unknown period "week": use month`,
		"{" + dsn + "rejected_table: security_audit}":                      `rejected_table: "security_audit" is the table itself`,
		"{" + dsn + "layout: other}":                                       `layout: unknown layout "other"`,
		"{" + dsn + "tabel: x}":                                            "tabel",
		"{" + dsn + "timeout: -1s}":                                        "timeout",
		"{layout: other, partition_by: month}":                             "dsn: is empty",
	} {
		_, err := load(t, text)
		assert.ErrorContains(t, err, want, text)
	}
	_, err := load(t, "{layout: other, partition_by: month}")
	for _, part := range []string{"dsn: ", "layout: ", "partition_by: "} {
		assert.ErrorContains(t, err, part, "all at once")
	}
}

// A password shows in no error and in no print of the config.
func TestPasswordIsOpaque(t *testing.T) {
	for _, text := range []string{
		"dsn: postgres://u:canary@db.example.com/audit?sslmode=require",
		"dsn: postgres://u:canary%@localhost/audit",
		// Read as the address u:12, and the rest of the password as something else.
		"dsn: postgres://u:12/canary@localhost:5432/audit",
		"dsn: postgres://u:12?canary@localhost:5432/audit",
		"dsn: 'postgres://u:12#canary@localhost:5432/audit'",
		"dsn: jdbc:postgresql://localhost/audit?user=u&password=canary",
		"dsn: host=localhost password='canary",
		"{dsn: host=localhost port=x, password: canary}",
	} {
		_, err := load(t, text)
		require.Error(t, err, text)
		assert.NotContains(t, err.Error(), canary)
	}
	c, err := load(t, "{dsn: postgres://u:canary@localhost/audit, password: canary}")
	require.NoError(t, err)
	out := confmap.New()
	require.NoError(t, out.Marshal(c))
	text, err := yaml.Marshal(out.ToStringMap())
	require.NoError(t, err)
	assert.NotContains(t, string(text), canary)
	p, err := c.pool()
	require.NoError(t, err)
	assert.Equal(t, canary, p.ConnConfig.Password)
}
