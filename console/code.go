package console

import (
	"errors"
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
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
func newCode(text string, level qr.ErrorCorrectionLevel) (*code, error) {
	if len(text) > maxDense {
		return nil, errLongCode
	}
	drawn, err := qr.Encode(text, level, qr.Unicode)
	if err != nil && level != dense {
		drawn, err = qr.Encode(text, dense, qr.Unicode)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errLongCode, err)
	}
	var path strings.Builder
	n := drawn.Bounds().Dx()
	dark := func(x, y int) bool { return x < n && color.GrayModel.Convert(drawn.At(x, y)).(color.Gray).Y < 128 }
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for dark(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return &code{n + 2*quiet, path.String()}, nil
}
