package intake

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// tells looks for what a file may tell of who made it: keys of words. It finds
// what is common, not everything, and says no file is clean.
func tells(media string, head []byte) []string {
	switch {
	case media == "image/jpeg":
		return jpegTells(head)
	case media == "image/png":
		return pngTells(head)
	case media == "image/webp":
		if i := bytes.Index(head, []byte("EXIF")); i >= 0 && len(head) >= i+8 {
			return tiffTells(bytes.TrimPrefix(head[i+8:], []byte("Exif\x00\x00")))
		}
	case media == "image/tiff", bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return tiffTells(head)
	case len(head) >= 12 && string(head[4:8]) == "ftyp": // HEIC of phones, and videos
		return []string{"hint.camera"}
	case strings.HasPrefix(media, "video/"):
		return []string{"hint.camera"}
	case strings.HasPrefix(media, "audio/"):
		return []string{"hint.voice"}
	case media == "application/pdf", bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")),
		media == "application/zip" && slices.ContainsFunc(officeParts, func(part string) bool { return bytes.Contains(head, []byte(part)) }), strings.HasPrefix(string(head), `{\rtf`):
		return []string{"hint.document"}
	}
	return nil
}

// officeParts are what documents of office programs begin with or hold; who wrote
// them may stand far behind.
var officeParts = []string{"[Content_Types].xml", "mimetypeapplication/vnd.oasis", "docProps/", "meta.xml"}

// jpegTells walks the segments before the picture (ITU-T T.81, annex B).
func jpegTells(b []byte) []string {
	for b = b[min(2, len(b)):]; len(b) >= 4 && b[0] == 0xff && b[1] != 0xda; {
		size := int(binary.BigEndian.Uint16(b[2:]))
		if size < 2 {
			return nil
		}
		segment := b[4:min(len(b), 2+size)]
		if exif, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && b[1] == 0xe1 {
			return tiffTells(exif)
		}
		if b[1] == 0xe1 && bytes.HasPrefix(segment, []byte("http://ns.adobe.com/xap/")) || b[1] == 0xed && bytes.HasPrefix(segment, []byte("Photoshop 3.0\x00")) {
			return []string{"hint.camera"} // XMP, or IPTC with who took it
		}
		b = b[min(len(b), 2+size):]
	}
	return nil
}

// pngTells walks the chunks (PNG specification, section 5).
func pngTells(b []byte) []string {
	for b = b[min(8, len(b)):]; len(b) >= 8; {
		size := int(binary.BigEndian.Uint32(b))
		switch string(b[4:8]) {
		case "eXIf":
			return tiffTells(b[8:min(len(b), 8+size)])
		case "tEXt", "iTXt", "zTXt":
			return []string{"hint.camera"}
		}
		if size > len(b) {
			return nil
		}
		b = b[min(len(b), 12+size):]
	}
	return nil
}

// tiffTells looks for the tag GPSInfo in the first directory (Exif 2.3, 4.6.3).
func tiffTells(b []byte) []string {
	camera := []string{"hint.camera"}
	if len(b) < 8 {
		return camera
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return camera
	}
	entries := b[at+2:]
	for range order.Uint16(b[at:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == 0x8825 {
			return []string{"hint.place"}
		}
		entries = entries[12:]
	}
	return camera
}

// What in a text may tell who wrote it.
var (
	mail   = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+\.[\p{L}\p{N}.-]+`)
	day    = regexp.MustCompile(`(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}`)
	number = regexp.MustCompile(`\+?\d[\d \-()]{5,}\d`)
	myself = regexp.MustCompile(`(?i)\bmy name is\b|\bi am called\b|我叫|我的名字|本人姓名|我是.{0,8}的(?:妻子|丈夫|儿子|女儿|同事|邻居)|\bmy (?:phone|mobile|number|address|e-?mail)\b|我的(?:电话|手机|地址|邮箱|身份证)`)
)

// warnings are what a report may tell of who wrote it, as keys of words.
func (f *form) warnings() []string {
	text := f.text["summary"] + "\n" + f.text["place"]
	for _, file := range f.files {
		text += "\n" + file.Name
	}
	var out []string
	add := func(key string, holds bool) {
		if holds {
			out = append(out, key)
		}
	}
	reporter := f.reporter()
	if reporter != nil {
		plain := folded(text)
		own := false
		for _, said := range []string{reporter.Name, reporter.Phone, reporter.Email, reporter.Address} {
			if said = folded(said); len([]rune(said)) >= 2 && strings.Contains(plain, said) {
				own = true
			}
		}
		add("warn.own", own)
	} else {
		add("warn.mail", mail.MatchString(text))
		add("warn.number", slices.ContainsFunc(number.FindAllString(day.ReplaceAllString(text, "."), -1), long))
	}
	add("warn.myself", myself.MatchString(text))
	return out
}

// long tells whether what may be a number has the digits of a telephone or an
// identity card.
func long(s string) bool { return len(folded(s)) >= 7 }

// folded is a text as it is compared: letters and digits alone, in small
// letters.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
