package autheventsblob

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"
)

// What the operator forgot to set has a class of its own, with the SDKs' real
// errors: nothing here reaches a network.
func TestErrorsOfSetup(t *testing.T) {
	t.Setenv("HOME", t.TempDir()) // no ~/.aws, no gcloud
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION",
		"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
	} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))

	assert.Equal(t, "credentials", classOfListing(t, "s3://bucket?region=us-east-1"))
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	assert.Equal(t, "region", classOfListing(t, "s3://bucket"))
}

func classOfListing(t *testing.T, url string) string {
	t.Helper()
	bucket, err := openBucket(t.Context(), url)
	require.NoError(t, err)
	defer func() { assert.NoError(t, bucket.Close()) }()
	_, _, err = bucket.ListPage(t.Context(), blob.FirstPageToken, 1, nil)
	require.Error(t, err)
	return class(err)
}
