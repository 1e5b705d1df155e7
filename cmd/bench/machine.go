package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// machine says what was measured on. What cannot be found out is "unknown".
type machine struct {
	Started    time.Time `json:"started"`
	CPU        string    `json:"cpu"`
	Cores      int       `json:"cores"`
	Go         string    `json:"go"`
	OS         string    `json:"os"`
	Filesystem string    `json:"filesystem"`
	// LoadBefore and LoadAfter are the load averages of 1, 5 and 15 minutes.
	LoadBefore string `json:"loadBefore"`
	LoadAfter  string `json:"loadAfter,omitempty"`
}

const unknown = "unknown"

func describe(dir string) machine {
	return machine{
		Started: time.Now().UTC().Truncate(time.Second), CPU: cpu(), Cores: runtime.GOMAXPROCS(0), Go: runtime.Version(),
		OS: runtime.GOOS + "/" + runtime.GOARCH, Filesystem: filesystem(dir), LoadBefore: load(),
	}
}

func (m machine) write(w io.Writer) {
	fmt.Fprintf(w, "%s, %d cores, %s, %s, filesystem %s, load %s", m.CPU, m.Cores, m.Go, m.OS, m.Filesystem, m.LoadBefore)
	if m.LoadAfter != "" {
		fmt.Fprintf(w, " before and %s after", m.LoadAfter)
	}
	fmt.Fprintln(w)
	if m.inMemory() {
		fmt.Fprintf(w, "warning: %s keeps files in memory, where fsync costs nothing; choose a real disk with --dir\n", m.Filesystem)
	}
}

// inMemory tells whether a sync to the filesystem reaches no disk.
func (m machine) inMemory() bool { return m.Filesystem == "tmpfs" || m.Filesystem == "ramfs" }

func cpu() string {
	raw, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return unknown
	}
	for line := range strings.Lines(string(raw)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return unknown
}

func load() string {
	raw, err := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(raw))
	if err != nil || len(fields) < 3 {
		return unknown
	}
	return strings.Join(fields[:3], " ")
}

// filesystem returns the type of the filesystem that holds the folder.
func filesystem(dir string) string {
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	raw, readErr := os.ReadFile("/proc/self/mounts")
	if err != nil || readErr != nil {
		return unknown
	}
	return mountOf(abs, string(raw))
}

// mountOf finds the deepest mount above the path in a table of mounts
// (device, place, type…, as in fstab(5)); of two on one place the later.
func mountOf(path, mounts string) string {
	best, kind := "", unknown
	for line := range strings.Lines(mounts) {
		f := strings.Fields(line)
		if len(f) < 3 {
			continue
		}
		place := strings.ReplaceAll(f[1], `\040`, " ")
		if len(place) >= len(best) && (path == place || strings.HasPrefix(path, strings.TrimSuffix(place, "/")+"/")) {
			best, kind = place, f[2]
		}
	}
	return kind
}
