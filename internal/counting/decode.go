package counting

import (
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/knownkeys"
)

// The blocks that stand under names of the user's refuse unknown keys
// themselves, so that the error lists the keys of that block alone.

// Unmarshal takes false for {enabled: false}.
func (m *MetricConfigs) Unmarshal(conf *confmap.Conf) error { return unmarshalSwitches(conf, m) }

// Unmarshal takes false for {enabled: false}.
func (m *FunnelConfigs) Unmarshal(conf *confmap.Conf) error { return unmarshalSwitches(conf, m) }

// Unmarshal takes false for {enabled: false}.
func (m *PairConfigs) Unmarshal(conf *confmap.Conf) error { return unmarshalSwitches(conf, m) }

func unmarshalSwitches(conf *confmap.Conf, into any) error {
	switches := map[string]any{}
	for name, value := range conf.ToStringMap() {
		if on, ok := value.(bool); ok {
			switches[name] = map[string]any{"enabled": on}
		}
	}
	if err := conf.Merge(confmap.NewFromStringMap(switches)); err != nil {
		return err
	}
	return conf.Unmarshal(into)
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *MetricConfig) Unmarshal(conf *confmap.Conf) error {
	if err := expandAttributes(conf); err != nil {
		return err
	}
	return knownkeys.Unmarshal(conf, c)
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *CustomConfig) Unmarshal(conf *confmap.Conf) error {
	if err := expandAttributes(conf); err != nil {
		return err
	}
	return knownkeys.Unmarshal(conf, c)
}

// Unmarshal sets the defaults and refuses unknown keys.
func (c *FunnelConfig) Unmarshal(conf *confmap.Conf) error {
	c.Window, c.MaxUsers = defaultWindow, defaultMaxUsers
	c.given = sortedKeys(conf.ToStringMap())
	return knownkeys.Unmarshal(conf, c)
}

// Unmarshal sets the defaults and refuses unknown keys.
func (c *PairConfig) Unmarshal(conf *confmap.Conf) error {
	c.Timeout, c.MaxPending = defaultTimeout, defaultMaxPending
	c.given = sortedKeys(conf.ToStringMap())
	return knownkeys.Unmarshal(conf, c)
}

// expandAttributes makes {name: x} of an attribute that is only a text.
func expandAttributes(conf *confmap.Conf) error {
	const key = "attributes"
	list, ok := conf.Get(key).([]any)
	if !ok {
		return nil
	}
	expanded := make([]any, len(list))
	for i, element := range list {
		expanded[i] = element
		if name, ok := element.(string); ok {
			expanded[i] = map[string]any{"name": name}
		}
	}
	return conf.Merge(confmap.NewFromStringMap(map[string]any{key: expanded}))
}
