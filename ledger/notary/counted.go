package notary

import (
	"context"
	"sync/atomic"
)

// countedSource counts what was read.
type countedSource struct {
	Source
	files, bytes atomic.Int64
}

func (c *countedSource) Read(ctx context.Context, name string, max int64) ([]byte, error) {
	data, err := c.Source.Read(ctx, name, max)
	if err == nil {
		c.files.Add(1)
		c.bytes.Add(int64(len(data)))
	}
	return data, err
}
