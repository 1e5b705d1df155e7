// Command kms reaches the keys of key management services for probity, as a
// plugin of sigstore's protocol. It is a program of its own, in a module of its
// own, so that the ledger carries none of the services' client libraries and
// runs none of them in its process.
//
// Install it under the name of each service in use: sigstore-kms-awskms,
// sigstore-kms-azurekms, sigstore-kms-gcpkms, sigstore-kms-hashivault. It finds
// credentials as the service's own tools do.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sigstore/sigstore/pkg/signature/kms"
	_ "github.com/sigstore/sigstore/pkg/signature/kms/aws"
	_ "github.com/sigstore/sigstore/pkg/signature/kms/azure"
	"github.com/sigstore/sigstore/pkg/signature/kms/cliplugin"
	"github.com/sigstore/sigstore/pkg/signature/kms/cliplugin/handler"
	_ "github.com/sigstore/sigstore/pkg/signature/kms/gcp"
	_ "github.com/sigstore/sigstore/pkg/signature/kms/hashivault"
)

func main() {
	if err := run(context.Background(), os.Args, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, filepath.Base(os.Args[0])+":", err)
		os.Exit(1)
	}
}

// run answers one call. Who calls is told of an error in the answer.
func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	scheme, ok := strings.CutPrefix(strings.TrimSuffix(filepath.Base(args[0]), ".exe"), cliplugin.PluginBinaryPrefix)
	if !ok {
		return fmt.Errorf("this is a plugin: install it as %sSERVICE, with SERVICE one of those in %v", cliplugin.PluginBinaryPrefix, kms.SupportedProviders())
	}
	call, err := handler.GetPluginArgs(args)
	if err != nil {
		return errors.Join(err, handler.WriteErrorResponse(stdout, err))
	}
	if call.InitOptions == nil || call.MethodArgs == nil {
		err := errors.New("the call names no key or no method")
		return errors.Join(err, handler.WriteErrorResponse(stdout, err))
	}
	if call.InitOptions.CtxDeadline != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, *call.InitOptions.CtxDeadline)
		defer cancel()
	}
	// Asking ourselves as a plugin would never end.
	address := scheme + "://" + call.InitOptions.KeyResourceID
	if !slices.ContainsFunc(kms.SupportedProviders(), func(p string) bool { return strings.HasPrefix(address, p) }) {
		err := fmt.Errorf("no kms provider for %s", address)
		return errors.Join(err, handler.WriteErrorResponse(stdout, err))
	}
	key, err := kms.Get(ctx, address, call.InitOptions.HashFunc)
	if err != nil {
		return errors.Join(err, handler.WriteErrorResponse(stdout, err))
	}
	_, err = handler.Dispatch(stdout, stdin, call, key)
	return err
}
