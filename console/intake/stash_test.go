package intake

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestNamesOfFiles(t *testing.T) {
	for said, want := range map[string]string{
		"a.pdf": "a.pdf", "../../etc/passwd": "passwd", `C:\Users\lin yi\report.docx`: "report.docx", "a\r\nSet-Cookie: x": "aSet-Cookie x",
		"invoice\u202efdp.exe": "invoicefdp.exe", "\u200b": "file", "..": "file", "": "file", " .hidden ": "hidden", "a\x00b": "ab", "照片 1.jpg": "照片 1.jpg",
		"\xff\xfe.jpg": "jpg", strings.Repeat("长", 100) + ".jpeg": strings.Repeat("长", 38) + ".jpeg", strings.Repeat("x", 500): strings.Repeat("x", maxName), `"><img src=x>.png`: "img src=x.png",
	} {
		if got := fileName(said); got != want {
			t.Errorf("%q is kept as %q, want %q", said, got, want)
		}
	}
}

// nothingLeft: no file is in the folder, by name, and none is counted.
func (b *bench) nothingLeft(t *testing.T) {
	t.Helper()
	if left, err := os.ReadDir(b.config.Folder); err != nil || len(left) != 0 {
		t.Errorf("files are left: %v %v", left, err)
	}
}

// waiting is how many bytes are held.
func (b *bench) waiting() int64 {
	b.stash.mu.Lock()
	defer b.stash.mu.Unlock()
	return b.stash.bytes
}

func TestFilesAreWhatTheirBytesSay(t *testing.T) {
	b := newBench(t, nil)
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 50)
	b.post("/public/complaint", filled("send", part{"files", "a.png", png}, part{"files", "../b.html", "<html><script>x</script>"}, part{"files", "-", "x"}, part{"files", "c.png", png})...)
	r := b.desk.reports[CodeOf(nonce)]
	got := ""
	for _, f := range r.Files {
		got += fmt.Sprintf("%s %s %d; ", f.Name, f.MediaType, f.Size)
	}
	if want := "a.png image/png 58; b.html text/html; charset=utf-8 24; c.png image/png 58; "; got != want {
		t.Errorf("the desk got %s, want %s", got, want)
	}
	b.post("/public/complaint", filled("send", part{"files", "a.png", png}, part{"files", "../b.html", "<html><script>x</script>"}, part{"files", "c.png", png})...) // once more
	b.post("/public/complaint", filled("send", part{name: "summary", value: "other"}, part{"files", "d.png", png})...)
	b.nothingLeft(t)
	if n := b.waiting(); n != 0 {
		t.Errorf("%d bytes are held after all was sent", n)
	}
}

// What lies on the disk is not what was handed in.
func TestWaitingFilesAreEncrypted(t *testing.T) {
	folder := t.TempDir()
	s := newStash(folder, 1<<20)
	text := strings.Repeat("the customs officer at the north gate ", 100)
	f, err := s.hold("a.txt", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	raw := make([]byte, len(text))
	if _, err := f.file.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("customs")) {
		t.Error("the file is in plain text")
	}
	for range 2 { // as often as it is opened
		r, err := f.open()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != text {
			t.Errorf("it is read as %.40q, %v", got, err)
		}
	}
}

func TestTheStashIsBounded(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Limits = DefaultLimits; c.Limits.Stash = 1000 })
	form := func(n int, size int) answer {
		return b.post("/public/complaint", filled("check", part{name: "nonce", value: fmt.Sprintf("%032d", n)}, part{"files", "a.txt", strings.Repeat("x", size)})...)
	}
	form(1, 400)
	form(2, 400)
	if got := form(3, 400); got.StatusCode != 200 || b.waiting() != 800 || b.stash.forms[fmt.Sprintf("%032d", 1)] != nil {
		t.Errorf("%d, %d bytes are held", got.StatusCode, b.waiting())
	}
	if got := form(4, 1001); got.StatusCode != 422 || !strings.Contains(got.body, "Many are handing in") || !strings.Contains(got.body, "held for a week") || got.Header.Get("Retry-After") == "" {
		t.Errorf("more than there is room for: %d", got.StatusCode)
	}
	if n := b.waiting(); n != 0 { // what was forgotten to make room for it, and it
		t.Errorf("%d bytes are held", n)
	}
}

func TestFilesWaitAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nil)
		checked := b.post("/public/complaint", filled("check", part{"files", "a.txt", "x"})...)
		time.Sleep(stashTime - time.Minute)
		checked = b.post("/public/complaint", append(checked.hidden(), part{name: "step", value: "edit"})...)
		if !strings.Contains(checked.body, "a.txt") {
			t.Fatal("it is gone early")
		}
		time.Sleep(stashTime + time.Minute)
		if b.waiting() != 0 {
			t.Error("it is held for longer")
		}
		sent := b.post("/public/complaint", filled("send", checked.hidden()[1])...)
		if sent.StatusCode != 422 || !strings.Contains(sent.body, "Choose them again") || b.desk.received != 0 {
			t.Errorf("a complaint went without its file: %d %v", sent.StatusCode, checked.hidden())
		}
		time.Sleep(2 * stashTime)
	})
}

func TestAFileIsTakenBack(t *testing.T) {
	b := newBench(t, nil)
	checked := b.post("/public/complaint", filled("check", part{"files", "a.txt", "one"}, part{"files", "b.txt", "two"})...)
	kept := checked.hidden()
	var drop string
	for _, p := range kept {
		if p.name == "kept" {
			drop = p.value
			break
		}
	}
	again := b.post("/public/complaint", append(kept, part{name: "drop", value: drop}, part{name: "step", value: "check"})...)
	if again.StatusCode != 200 || strings.Contains(again.body, "a.txt") || !strings.Contains(again.body, "b.txt") {
		t.Errorf("%d: %s", again.StatusCode, again.body)
	}
}
