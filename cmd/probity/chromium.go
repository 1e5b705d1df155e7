package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// chromiums are the programs that print a page as PDF, by the names they are
// installed under.
var chromiums = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// findChromium looks for one on the PATH; empty where there is none.
func findChromium() string {
	for _, name := range chromiums {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// printPDF has Chromium print a page that loads nothing. It works in a folder
// of its own, without a profile and without a network.
func printPDF(ctx context.Context, chromium string, page []byte, limit time.Duration) (pdf []byte, err error) {
	dir, err := os.MkdirTemp("", "probity-paper-")
	if err != nil {
		return nil, fmt.Errorf("print the paper: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	from, to := filepath.Join(dir, "paper.html"), filepath.Join(dir, "paper.pdf")
	if err := os.WriteFile(from, page, 0o600); err != nil {
		return nil, fmt.Errorf("print the paper: %w", err)
	}
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
		"--disable-sync", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--no-pdf-header-footer", "--print-to-pdf=" + to}
	if os.Geteuid() == 0 { // its sandbox refuses to work for root
		args = append(args, "--no-sandbox")
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(limited, chromium, append(args, (&url.URL{Scheme: "file", Path: from}).String())...)
	cmd.Dir, cmd.WaitDelay = dir, 2*time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	err = cmd.Run()
	if limited.Err() != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("print the paper: %s did not end within %s", filepath.Base(chromium), limit)
	}
	if err == nil {
		pdf, err = os.ReadFile(to)
	}
	if err == nil && !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		err = errors.New("what it wrote is no PDF")
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		return nil, fmt.Errorf("print the paper: %s: %w: %s", filepath.Base(chromium), err, lines[len(lines)-1])
	}
	return pdf, nil
}
