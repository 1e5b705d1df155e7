package intake

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzForm: whatever is posted, there is an answer, nothing is recorded that
// was not asked for, and no file is left.
func FuzzForm(f *testing.F) {
	kind, raw := body(filled("check", part{"files", "a.jpg", "\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00"}))
	f.Add(kind, raw)
	kind, raw = body(filled("check", part{"files", "../a\u202e.pdf", "%PDF-"}))
	f.Add(kind, raw)
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"nonce\"\r\n\r\n"+nonce+"\r\n--x\r\nContent-Disposition: form-data; name=\"files\"; filename*=utf-8''%2e%2e%2fa\r\n\r\nx\r\n--x--"))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\n\r\n--x\r\n\r\n--x--"))
	f.Add("application/x-www-form-urlencoded", []byte("nonce="+nonce+"&step=check&kept="+strings.Repeat("00", 32)))
	b := newBench(f, nil)
	f.Fuzz(func(t *testing.T, kind string, raw []byte) {
		if strings.Contains(string(raw), "send") || strings.Contains(string(raw), "%") {
			return // would be recorded
		}
		b.limits = newLimits(DefaultLimits)
		for _, path := range []string{"/public/complaint", "/public/receipt"} {
			r := httptest.NewRequest("POST", path, bytes.NewReader(raw))
			r.Header.Set("Content-Type", kind)
			got := b.do(r)
			if got.StatusCode == 500 || got.StatusCode < 200 || !strings.Contains(got.body, "</html>") || strings.Contains(got.body, "<script") || b.desk.received != 0 {
				t.Fatalf("%s: %d %s", path, got.StatusCode, got.body)
			}
		}
		if b.log.Len() > 0 {
			t.Fatalf("logged: %s", b.log)
		}
		b.nothingLeft(t)
	})
}

// FuzzTells: what a file tells is looked for in any bytes without harm.
func FuzzTells(f *testing.F) {
	for _, s := range []string{"\xff\xd8\xff\xe1\x00\x1eExif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x25\x88\x04\x00\x01\x00\x00\x00\x00\x00", "\x89PNG\r\n\x1a\n\x00\x00\x00\x08eXIfMM\x00*\x00\x00\x00\x08", "\xff\xd8\xff\xe0\x00\x02\xff\xff", "MM\x00*\xff\xff\xff\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		for _, media := range []string{"image/jpeg", "image/png", "image/webp", "image/tiff", "video/mp4", "application/zip", ""} {
			tells(media, []byte(s))
		}
	})
}
