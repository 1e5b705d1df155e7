package console

import (
	"errors"
	"fmt"
	"strings"

	"rsc.io/qr"
)

// code is a QR code as a drawing in modules, with the quiet zone around it.
type code struct {
	Size int    // of a side, in modules
	Path string // the dark modules
}

// quiet is the width of the zone around a code in modules, as ISO/IEC 18004
// wants it.
const quiet = 4

// What a code recovers from: a stain, or no more than the print.
const (
	moderate = qr.M
	dense    = qr.L
)

// maxDense is how many bytes the largest code holds (ISO/IEC 18004, version
// 40-L).
const maxDense = 2953

var errLongCode = errors.New("too long for a QR code")

// newCode draws the code of a text.
func newCode(text string, level qr.Level) (*code, error) {
	if len(text) > maxDense {
		return nil, errLongCode
	}
	drawn, err := qr.Encode(text, level)
	if err != nil && level != dense {
		drawn, err = qr.Encode(text, dense)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errLongCode, err)
	}
	var path strings.Builder
	n := drawn.Size
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for drawn.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return &code{n + 2*quiet, path.String()}, nil
}
