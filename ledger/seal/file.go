package seal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/streamingaead"
)

// fileMark begins a sealed file; the wrapped key of the file follows, behind
// two bytes with its length, then what is encrypted.
const fileMark = "probity sealed file 1\n"

// SealFile encrypts what is written to it into to, for a field, in segments
// of 4 KiB under a key of the file's own, which the data key wraps: so
// whatever destroys the data key takes the file as well. Something must be
// written. Nothing is whole before Close, which does not close to.
func (u *Unlocked) SealFile(field string, to io.Writer) (io.WriteCloser, error) {
	handle, err := keyset.NewHandle(streamingaead.AES256GCMHKDF4KBKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make the key of a file: %w", err)
	}
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), u.cipher, u.bind("file key", field)); err != nil {
		return nil, fmt.Errorf("wrap the key of a file: %w", err)
	}
	head := binary.BigEndian.AppendUint16([]byte(fileMark), uint16(wrapped.Len()))
	if _, err := to.Write(append(head, wrapped.Bytes()...)); err != nil {
		return nil, err
	}
	stream, err := streamingaead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("seal a file: %w", err)
	}
	return stream.NewEncryptingWriter(to, u.bind("file", field))
}

// OpenFile decrypts what SealFile wrote for the very same field, as it is read.
// Nothing comes out that was changed, and the end is told from a file that was
// cut off: reading gives ErrBroken there.
func (u *Unlocked) OpenFile(field string, from io.Reader) (io.Reader, error) {
	head := make([]byte, len(fileMark)+2)
	if _, err := io.ReadFull(from, head); err != nil || string(head[:len(fileMark)]) != fileMark {
		return nil, errors.Join(fmt.Errorf("%w: it is no sealed file", ErrBroken), hard(err))
	}
	wrapped := make([]byte, binary.BigEndian.Uint16(head[len(fileMark):]))
	if _, err := io.ReadFull(from, wrapped); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: the file ends within its key", ErrBroken), hard(err))
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), u.cipher, u.bind("file key", field))
	if err != nil {
		return nil, fmt.Errorf("%w: the key of the file, under this data key and for this place", ErrBroken)
	}
	stream, err := streamingaead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("%w: the key of the file is of another kind", ErrBroken)
	}
	r, err := stream.NewDecryptingReader(from, u.bind("file", field))
	if err != nil {
		return nil, fmt.Errorf("open a sealed file: %w", err)
	}
	return opening{r}, nil
}

// hard is an error that is more than the end of what is read.
func hard(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// opening gives what does not open its one error.
type opening struct{ io.Reader }

func (o opening) Read(p []byte) (int, error) {
	n, err := o.Reader.Read(p)
	if err != nil && err != io.EOF {
		return n, fmt.Errorf("%w: the file: %w", ErrBroken, err)
	}
	return n, err
}
