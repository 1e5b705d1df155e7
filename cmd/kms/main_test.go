package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/sigstore/sigstore/pkg/signature/kms"
	"github.com/sigstore/sigstore/pkg/signature/kms/cliplugin/common"
	_ "github.com/sigstore/sigstore/pkg/signature/kms/fake"
)

func call(t *testing.T, name, args string, message string) (common.PluginResp, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(context.Background(), []string{name, common.ProtocolVersion, args}, strings.NewReader(message), &out)
	var answer common.PluginResp
	if out.Len() > 0 {
		if bad := json.Unmarshal(out.Bytes(), &answer); bad != nil {
			t.Fatalf("%v\n%s", bad, &out)
		}
	}
	return answer, err
}

const sign = `{"initOptions":{"protocolVersion":"v1","keyResourceID":"key","hashFunc":5,"rpcOptions":{}},"methodName":"signMessage","signMessage":{"signOptions":{"rpcOptions":{},"messageOptions":{}}}}`

func TestAKeyIsReachedByTheNameOfTheProgram(t *testing.T) {
	answer, err := call(t, "/opt/bin/sigstore-kms-fakekms", sign, "message")
	if err != nil || answer.ErrorMessage != "" || answer.SignMessage == nil || len(answer.SignMessage.Signature) == 0 {
		t.Errorf("got %+v, %v; want a signature", answer, err)
	}
}

func TestCallsThatFail(t *testing.T) {
	for _, c := range []struct{ name, args, what string }{
		{"sigstore-kms-nosuch", sign, "no kms provider"},
		{"sigstore-kms-fakekms", "{", "unexpected end"},
		{"sigstore-kms-fakekms", "{}", "names no key"},
		{"sigstore-kms-fakekms", strings.Replace(sign, `"signMessage"`, `"sing"`, 1), ""},
	} {
		answer, err := call(t, c.name, c.args, "message")
		if answer.ErrorMessage == "" || !strings.Contains(answer.ErrorMessage, c.what) {
			t.Errorf("%s %s: got %+v, %v", c.name, c.args, answer, err)
		}
	}
	if _, err := call(t, "kms", sign, "message"); err == nil || !strings.Contains(err.Error(), "install it as") {
		t.Errorf("under its own name: %v", err)
	}
}

func TestTheServicesThatAreReached(t *testing.T) {
	got := strings.Join(kms.SupportedProviders(), " ")
	for _, scheme := range []string{"awskms://", "azurekms://", "gcpkms://", "hashivault://"} {
		if !strings.Contains(got, scheme) {
			t.Errorf("%s is not reached: %s", scheme, got)
		}
	}
}
