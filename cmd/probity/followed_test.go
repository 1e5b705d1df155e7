package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/htmlindex"
)

// Pages of docs that show commands are followed from top to bottom, as a
// reader would, in a folder and a shell of their own:
//
//   - A block "console" runs each line behind "$ " (and those behind "> ",
//     which go on with it) and shows what is printed, both streams. "…" alone
//     on a line stands for any lines, within a line for any text. What an
//     answer says of its cost is left out. A command must end well unless the
//     next one is "echo $?".
//   - A block with the name of a file, and its encoding, writes it: "yaml
//     map.yaml", "csv old.csv gb18030". With "<" before the name it shows how
//     the file begins.
//   - A link to a page of the demo (http://127.0.0.1:8080/…) is opened in the
//     role that the page named last ("sign in as `hr HG-0001`"), the public at
//     first. It must answer, or say 404 where the paragraph has `404`; and what
//     the paragraph has in *italics* behind the link must stand on it.
//     "probity token" signs in whom it names.
//   - A block "form" with the path of a page of the demo sends a form; see form.
//
// "go test ./cmd/probity -run 'Demo|Followed' -update" writes what commands
// print where the page shows something else.
type follower struct {
	t     *testing.T
	file  string
	dir   string
	ports map[string]string // a port of the page → the one it has here
	env   []string
	demo  *servedDemo // nil where the page needs none

	shell   *exec.Cmd
	in      io.Writer
	out     *os.File
	pending []byte
	who     visitor
}

// demoAddress is where the demo is on the pages.
const demoAddress = "127.0.0.1:8080"

var (
	localAddress = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	fence        = regexp.MustCompile("^```(\\w+)(?: (.*))?$")
	tookTime     = regexp.MustCompile(`took \d+\.\d s`)
	ended        = regexp.MustCompile("\x1e(\\d+)\n")
)

// follow follows a page of the docs, by its path from the root.
func follow(t *testing.T, file string, demo *servedDemo, env ...string) {
	path := filepath.Join("..", "..", filepath.FromSlash(file))
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"curl", "openssl", "python3"} {
		if _, err := exec.LookPath(tool); err != nil && regexp.MustCompile(`(?m)^[$>].*\b`+tool+` `).Match(raw) {
			t.Skipf("there is no %s here to follow the page with", tool)
		}
	}
	f := &follower{t: t, file: file, dir: t.TempDir(), demo: demo, ports: map[string]string{}}
	f.env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + f.dir, "LANG=C.UTF-8", "TMPDIR=" + t.TempDir()}, env...)
	for _, address := range localAddress.FindAllString(string(raw), -1) {
		f.ports[address] = f.address(address)
	}
	if demo != nil {
		if err := os.Symlink(demo.dir, filepath.Join(f.dir, "demo-data")); err != nil {
			t.Fatal(err)
		}
	}
	f.start()
	fresh := f.page(string(raw))
	if *update && fresh != string(raw) {
		if err := os.WriteFile(path, []byte(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// address is where that of the page is here.
func (f *follower) address(on string) string {
	if at := f.ports[on]; at != "" {
		return at
	}
	if on == demoAddress && f.demo != nil {
		return f.demo.address
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// start starts the shell, which ends with the test and takes along what it
// left running.
func (f *follower) start() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	f.shell = exec.CommandContext(ctx, "sh")
	f.shell.Dir, f.shell.Env = f.dir, f.env
	read, write, err := os.Pipe()
	if err != nil {
		f.t.Fatal(err)
	}
	in, err := f.shell.StdinPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	f.shell.Stdout, f.shell.Stderr = write, write
	if err := f.shell.Start(); err != nil {
		f.t.Fatal(err)
	}
	write.Close()
	f.in, f.out = in, read
	f.t.Cleanup(func() {
		fmt.Fprintln(in, `jobs -p > "$TMPDIR/left"; kill $(cat "$TMPDIR/left") 2>/dev/null; wait`)
		in.Close()
		f.shell.Wait()
		cancel()
		read.Close()
	})
}

// run runs a command as the page has it, and returns what was printed, as the
// page would have it, and the exit code.
func (f *follower) run(command string) (string, int) {
	for on, here := range f.ports {
		command = strings.ReplaceAll(command, on, here)
	}
	fmt.Fprintf(f.in, "{ %s\n} </dev/null\nprintf '\\036%%d\\n' $?\n", command)
	for {
		if m := ended.FindSubmatchIndex(f.pending); m != nil {
			text := string(f.pending[:m[0]])
			code, _ := strconv.Atoi(string(f.pending[m[2]:m[3]]))
			f.pending = append([]byte(nil), f.pending[m[1]:]...)
			for on, here := range f.ports {
				text = strings.ReplaceAll(text, here, on)
			}
			if text != "" && !strings.HasSuffix(text, "\n") {
				text += "\n"
			}
			return tookTime.ReplaceAllString(text, "took 0.0 s"), code
		}
		chunk := make([]byte, 64<<10)
		n, err := f.out.Read(chunk)
		if f.pending = append(f.pending, chunk[:n]...); err != nil {
			f.t.Fatalf("the shell ended within %q: %v\n%s", command, err, f.pending)
		}
	}
}

// page follows the page and returns it with what it should show.
func (f *follower) page(text string) string {
	var fresh, paragraph strings.Builder
	lines := strings.SplitAfter(text, "\n")
	look := func() {
		f.visit(paragraph.String())
		paragraph.Reset()
	}
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], "\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "#") {
			look()
		}
		m := fence.FindStringSubmatch(line)
		if m == nil {
			paragraph.WriteString(lines[i])
			fresh.WriteString(lines[i])
			continue
		}
		look()
		fresh.WriteString(lines[i])
		var body strings.Builder
		for i++; i < len(lines) && strings.TrimRight(lines[i], "\n") != "```"; i++ {
			body.WriteString(lines[i])
		}
		fresh.WriteString(f.block(m[1], strings.Fields(m[2]), body.String()))
		if i < len(lines) {
			fresh.WriteString(lines[i])
		}
	}
	look()
	return fresh.String()
}

// block does what a block asks for, and returns what it should show.
func (f *follower) block(kind string, info []string, text string) string {
	switch {
	case kind == "console":
		return f.console(text)
	case len(info) == 0:
		return text
	case kind == "form":
		f.form(info[0], text)
		return text
	case info[0][0] == '<':
		got, err := os.ReadFile(filepath.Join(f.dir, info[0][1:]))
		if err != nil || !bytes.HasPrefix(got, []byte(text)) {
			f.t.Errorf("%s: %s does not begin as it is shown: %v (-shown +got)\n%s", f.file, info[0][1:], err, cmp.Diff(text, string(got)))
		}
		return text
	}
	content := []byte(text)
	if len(info) > 1 {
		enc, err := htmlindex.Get(info[1])
		if err == nil {
			content, err = enc.NewEncoder().Bytes(content)
		}
		if err != nil {
			f.t.Fatal(err)
		}
	}
	for on, here := range f.ports {
		content = bytes.ReplaceAll(content, []byte(on), []byte(here))
	}
	if err := os.WriteFile(filepath.Join(f.dir, info[0]), content, 0o600); err != nil {
		f.t.Fatal(err)
	}
	return text
}

// prompted is a command of a block, and what it is shown to print.
type prompted struct{ command, shown string }

func stepsOf(text string) (out []prompted) {
	for line := range strings.Lines(text) {
		last := len(out) - 1
		switch {
		case strings.HasPrefix(line, "$ "):
			out = append(out, prompted{command: strings.TrimRight(line[2:], "\n")})
		case last >= 0 && strings.HasPrefix(line, "> ") && out[last].shown == "":
			out[last].command += "\n" + strings.TrimRight(line[2:], "\n")
		case last >= 0:
			out[last].shown += line
		}
	}
	return out
}

// cost is what an answer says of its own cost, which the pages leave out:
// docs/graphql.md shows it.
var cost = regexp.MustCompile(`,\s*"extensions":\s*\{\s*"cost":\s*\{[^}]*\}\s*\}`)

// console runs the commands of a block.
func (f *follower) console(text string) string {
	var fresh strings.Builder
	steps, code := stepsOf(text), 0
	for i, s := range steps {
		var got string
		if s.command == "echo $?" {
			got = strconv.Itoa(code) + "\n"
		} else {
			got, code = f.run(s.command)
			got = cost.ReplaceAllString(got, "")
		}
		if strings.HasPrefix(s.command, "probity token ") { // to be pasted at the sign-in
			f.who.token, _, _ = strings.Cut(got, "\n")
		}
		if code != 0 && s.command != "echo $?" && (i+1 == len(steps) || steps[i+1].command != "echo $?") {
			f.t.Errorf("%s: %q ended with %d:\n%s", f.file, s.command, code, got)
		}
		if !asShown(s.shown, got) {
			if !*update {
				f.t.Errorf("%s: %q does not print what is shown (-shown +printed):\n%s", f.file, s.command, cmp.Diff(strings.Split(s.shown, "\n"), strings.Split(got, "\n")))
			}
			s.shown = got
		}
		fresh.WriteString("$ " + strings.ReplaceAll(s.command, "\n", "\n> ") + "\n" + s.shown)
	}
	return fresh.String()
}
