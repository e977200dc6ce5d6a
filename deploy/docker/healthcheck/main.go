// Command healthcheck is what an image without a shell calls to learn whether
// its collector is up: it asks for HEALTHCHECK_URL once, and ends with 0 on a
// 200, with 1 on all else. By default it asks for the collector's own metrics,
// which every config of the project serves on TELEMETRY_PORT, 8888 if unset.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// patience is less than the Dockerfile's --timeout, so that the reason is said.
const patience = 2 * time.Second

func main() {
	url := cmp.Or(os.Getenv("HEALTHCHECK_URL"), "http://127.0.0.1:"+cmp.Or(os.Getenv("TELEMETRY_PORT"), "8888")+"/metrics")
	if err := check(url); err != nil {
		fmt.Fprintln(os.Stderr, "healthcheck:", err)
		os.Exit(1)
	}
}

// check fails unless url answers 200, with a body that comes to its end.
func check(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	// The container's proxy is for what lies outside of it.
	client := http.Client{Transport: &http.Transport{}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, resp.Status)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
