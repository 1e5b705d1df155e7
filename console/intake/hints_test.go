package intake

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestWhatFilesTell(t *testing.T) {
	const (
		place  = "II*\x00\x08\x00\x00\x00\x02\x00\x0f\x01\x02\x00\x05\x00\x00\x00\x00\x00\x00\x00\x25\x88\x04\x00\x01\x00\x00\x00\x00\x00\x00\x00"
		camera = "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x0f\x00\x02\x00\x00\x00\x05\x00\x00\x00\x00"
	)
	jpeg := func(exif string) string {
		return "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xe1\x00" + string(rune(8+len(exif))) + "Exif\x00\x00" + exif + "\xff\xda"
	}
	png := func(chunk, data string) string {
		return "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR0123456789012crc_\x00\x00\x00" + string(rune(len(data))) + chunk + data + "crc_"
	}
	tests := []struct{ name, content, want string }{
		{"a picture with its place", jpeg(place), "hint.place"},
		{"a picture with its camera", jpeg(camera), "hint.camera"},
		{"a picture with nothing", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xda", ""},
		{"a picture with who took it", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xed\x00\x16Photoshop 3.0\x008BIM\x04\x04\xff\xda", "hint.camera"},
		{"a PNG with its place", png("eXIf", place), "hint.place"},
		{"a PNG with a text", png("tEXt", "Author\x00Lin"), "hint.camera"},
		{"a screenshot", png("IDAT", "xxxx"), ""},
		{"a WebP with its place", "RIFF\x00\x00\x00\x00WEBPVP8X....EXIF\x00\x00\x00\x00" + place, "hint.place"},
		{"a phone's picture", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "hint.camera"},
		{"a TIFF", place, "hint.place"},
		{"a PDF", "%PDF-1.7", "hint.document"},
		{"an office file", "PK\x03\x04....docProps/core.xml", "hint.document"},
		{"an office file that says who wrote it at its end", "PK\x03\x04....[Content_Types].xml", "hint.document"},
		{"an open document", "PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.text", "hint.document"},
		{"an archive", "PK\x03\x04....notes.txt", ""},
		{"an old office file", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "hint.document"},
		{"a recording", "ID3\x03\x00", "hint.voice"},
		{"a text", "nothing", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(tells(http.DetectContentType([]byte(tt.content)), []byte(tt.content)), " "); got != tt.want {
			t.Errorf("%s tells %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWhatTextsTell(t *testing.T) {
	tests := []struct {
		name string
		text map[string]string
		want []string
	}{
		{"nothing", map[string]string{"summary": "On 2026-11-30 at 10:15 the officer asked for 500 yuan."}, nil},
		{"one's own name", map[string]string{"summary": "I, Lin  Yi, saw it", "name": "lin yi"}, []string{"warn.own"}},
		{"one's own number, written apart", map[string]string{"place": "call 138-0013-8000", "summary": "x", "phone": "13800138000"}, []string{"warn.own"}},
		{"one's own name in Chinese", map[string]string{"summary": "我是林一，看到了", "name": "林一"}, []string{"warn.own"}},
		{"a name of one letter", map[string]string{"summary": "a b c", "name": "b"}, nil},
		{"an address of mail", map[string]string{"summary": "write to lin.yi@example.com"}, []string{"warn.mail"}},
		{"a telephone", map[string]string{"summary": "打 13800138000 找我"}, []string{"warn.number"}},
		{"an identity card", map[string]string{"summary": "身份证31010919800101123X。"}, []string{"warn.number"}},
		{"oneself", map[string]string{"summary": "My name is on the list"}, []string{"warn.myself"}},
		{"oneself in Chinese", map[string]string{"summary": "我是张某的妻子"}, []string{"warn.myself"}},
	}
	for _, tt := range tests {
		if got := (&form{text: tt.text}).warnings(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
