package counting

import "time"

// MetricConfigs are changes to built-in metrics, by name. false stands for a
// metric that is switched off.
type MetricConfigs map[string]MetricConfig

// MetricConfig changes one built-in metric.
type MetricConfig struct {
	// Enabled switches the metric off if it is false.
	Enabled *bool `mapstructure:"enabled"`
	// DropAttributes leaves attributes out; what they told apart adds up.
	DropAttributes []string `mapstructure:"drop_attributes"`
	// Attributes are added, or take the place of one of the same name. A text
	// stands for an attribute of the record with that name.
	Attributes []AttributeConfig `mapstructure:"attributes"`
}

// CustomConfig is a metric of the user's own.
type CustomConfig struct {
	// Type is sum, histogram, exponential_histogram or unique; sum if empty.
	Type        string `mapstructure:"type"`
	Unit        string `mapstructure:"unit"`
	Description string `mapstructure:"description"`
	// Records says which are counted. Without it the metric is there for a
	// pair, which names it.
	Records RecordsConfig `mapstructure:",squash"`
	// Value is what a sum adds up, rather than counting records, and what a
	// histogram takes, rather than auth.duration.
	Value ValueConfig `mapstructure:"value"`
	// Attributes of the points beside the common ones.
	Attributes []AttributeConfig `mapstructure:"attributes"`
	// Buckets are the upper bounds of a histogram's buckets.
	Buckets []float64 `mapstructure:"buckets"`
	// By names the attributes that may hold the user, of a unique metric.
	By []string `mapstructure:"by"`
	// Windows are how far back a unique metric looks.
	Windows []time.Duration `mapstructure:"windows"`
	// Breakdowns are the sets of attributes for which a unique metric counts
	// beside the total; each attribute by itself if there are none.
	Breakdowns [][]string `mapstructure:"breakdowns"`
}

// AttributeConfig is one attribute of a metric's points.
type AttributeConfig struct {
	Name string `mapstructure:"name"`
	// Attribute, Body (a JSON Pointer) or Resource is where the value stands;
	// the record's attribute Name if all are empty.
	Attribute string `mapstructure:"attribute"`
	Body      string `mapstructure:"body"`
	Resource  string `mapstructure:"resource"`
	// Allow lists the values that are told apart: texts, numbers, booleans.
	Allow []any `mapstructure:"allow"`
	// Cap bounds the number of values that are told apart.
	Cap int `mapstructure:"cap"`
	// Default stands in where the record has no value.
	Default string `mapstructure:"default"`
	// AcceptPersonalData allows an attribute that holds personal data.
	AcceptPersonalData bool `mapstructure:"i_accept_personal_data"`
}

// RecordsConfig says which records are meant.
type RecordsConfig struct {
	// Events and Except are event names, in which a * stands for any text.
	Events []string `mapstructure:"events"`
	Except []string `mapstructure:"except"`
	// Source is the auth.source; any if empty.
	Source string `mapstructure:"source"`
	// Where lists conditions that all must hold.
	Where []ConditionConfig `mapstructure:"where"`
}

// ConditionConfig is a condition on the value at one place.
type ConditionConfig struct {
	Attribute string `mapstructure:"attribute"`
	Body      string `mapstructure:"body"`
	Resource  string `mapstructure:"resource"`
	// One of these: the value is any of In, or none of NotIn (a * stands for
	// any text; texts, numbers, booleans), or there is one, or none.
	In     []any `mapstructure:"in"`
	NotIn  []any `mapstructure:"not_in"`
	Exists *bool `mapstructure:"exists"`
}

// ValueConfig is where a number stands.
type ValueConfig struct {
	Attribute string `mapstructure:"attribute"`
	Body      string `mapstructure:"body"`
}
