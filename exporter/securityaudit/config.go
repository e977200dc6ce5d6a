package securityaudit

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/ddl"
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// Config is the configuration of the exporter.
type Config struct {
	// DSN is the connection string of Postgres, as a URL or as key=value pairs.
	DSN configopaque.String `mapstructure:"dsn"`
	// Password takes the place of the one in DSN, and needs no escaping.
	Password configopaque.String `mapstructure:"password"`
	// Table says which columns there are, and what goes into them.
	Table layout.Config `mapstructure:",squash"`
	// CreateTable makes the table with its indexes, where there is none.
	CreateTable bool `mapstructure:"create_table"`
	// PartitionBy is month for a table that is made with a partition a month.
	PartitionBy string `mapstructure:"partition_by"`
	// RejectedTable is the table for rows that the other one refuses; empty
	// has them counted and dropped.
	RejectedTable string `mapstructure:"rejected_table"`

	Timeout exporterhelper.TimeoutConfig                             `mapstructure:",squash"`
	Retry   configretry.BackOffConfig                                `mapstructure:"retry_on_failure"`
	Queue   configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
}

// defaultConfig loses nothing: a batch is tried until it is in, and there is
// no queue that would say yes in the table's place.
func defaultConfig() *Config {
	retry := configretry.NewDefaultBackOffConfig()
	retry.MaxElapsedTime = 0
	return &Config{
		Timeout: exporterhelper.TimeoutConfig{Timeout: 30 * time.Second},
		Retry:   retry,
		Queue:   configoptional.Default(exporterhelper.NewDefaultQueueConfig()),
	}
}

// Validate implements xconfmap.Validator.
func (c *Config) Validate() error {
	_, err := c.pool()
	_, tableErr := c.tables()
	return errors.Join(err, tableErr)
}

// tables are those that the configuration describes.
func (c *Config) tables() (*layout.Tables, error) {
	tables, err := c.Table.Compile()
	var errs []error
	if err == nil {
		for _, t := range tables.All {
			errs = append(errs, ddl.Check(t, ddl.Options{PartitionBy: c.PartitionBy}))
			if t.Name == c.RejectedTable {
				errs = append(errs, fmt.Errorf("rejected_table: %q is the table itself: use a table of its own", c.RejectedTable))
			}
		}
	}
	if c.PartitionBy != "" && !c.CreateTable {
		errs = append(errs, errors.New("partition_by: partitions are made with create_table: true alone: set it, or remove partition_by"))
	}
	return tables, errors.Join(append(errs, err)...)
}
