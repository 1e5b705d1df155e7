package kurrent

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// unexpected is what the client logs right before it asks for a new
// connection, in the goroutine of the call that failed.
const unexpected = "unexpected exception: %v"

// logging takes what the client logs, which would otherwise go to the console.
// The errors of calls are returned to their callers as well, who log what
// matters; so all of it is detail here.
//
// It is also the one place to learn that the client is about to forget its
// connection: see client.
func logging(logger *slog.Logger, secret string, forget func()) esdb.LoggingFunc {
	return func(level esdb.LogLevel, format string, args ...any) {
		if format == unexpected && len(args) == 1 {
			if err, ok := args[0].(error); ok && status.Code(err) == codes.Unavailable {
				forget()
			}
		}
		if !logger.Enabled(context.Background(), slog.LevelDebug) {
			return
		}
		text := fmt.Sprintf(format, args...)
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
		logger.Debug("kurrentdb client: "+text, "level", level)
	}
}
