package main

import (
	"context"
	"crypto"
	"fmt"
	"os"

	"github.com/sigstore/sigstore/pkg/signature/kms"
	"github.com/sigstore/sigstore/pkg/signature/kms/cliplugin/handler"
	"github.com/sigstore/sigstore/pkg/signature/kms/fake"

	"github.com/probity-ledger/probity/ledger"
)

// paperKMS is the program sigstore-kms-paper of the scripts: a plugin whose
// only key is in the file PAPER_KEY.
func paperKMS() {
	call, err := handler.GetPluginArgs(os.Args)
	if err == nil {
		var key kms.SignerVerifier
		if key, err = paperKey(); err == nil {
			_, err = handler.Dispatch(os.Stdout, os.Stdin, call, key)
		} else {
			err = handler.WriteErrorResponse(os.Stdout, err)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// paperKey is sigstore's fake service, with a key that stays the same.
func paperKey() (kms.SignerVerifier, error) {
	raw, err := os.ReadFile(os.Getenv("PAPER_KEY"))
	if err != nil {
		return nil, err
	}
	priv, err := ledger.ParseKey(raw, nil)
	if err != nil {
		return nil, err
	}
	return fake.LoadSignerVerifier(context.WithValue(context.Background(), fake.KmsCtxKey{}, priv), crypto.SHA256)
}
