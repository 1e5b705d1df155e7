package spreadsheet_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/probity-ledger/probity/cmd/probity/spreadsheet"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// The worked example of docs/import.md.
func Example() {
	text, err := os.ReadFile("testdata/officers.yaml")
	if err != nil {
		log.Fatal(err)
	}
	m, err := spreadsheet.Parse("officers.yaml", text)
	if err != nil {
		log.Fatal(err)
	}
	codec := ledger.NewCodec(catalog.New(), "customs.example/ledger")
	plan, err := m.Plan(codec, domain.CN2024(), filepath.Join("testdata", "officers.csv"))
	if err != nil {
		log.Fatal(err)
	}
	sum, err := spreadsheet.Run(context.Background(), plan, recorder(codec), spreadsheet.Options{Rejects: os.Stdout})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d rows: %d recorded, %d rejected\n", sum.Total().Rows, sum.Total().Recorded, sum.Total().Rejected)
	for _, c := range sum.Commands {
		fmt.Println(c.Command, c.Recorded)
	}
	// Output:
	// file,line,record,column,reason,value,field 1,field 2,field 3,field 4,field 5
	// testdata/officers.csv,5,4,joined,is not of the form YYYY-MM-DD or DD/MM/YYYY,2018-13-01,0020,"Chen ""Jay"" 陈杰",Audit,2018-13-01,auditor
	// 4 rows: 3 recorded, 1 rejected
	// unit.import 2
	// officer.import 3
}

func recorder(codec *ledger.Codec) *ledger.Recorder {
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		log.Fatal(err)
	}
	return ledger.NewRecorder(ledger.RecorderConfig{
		Store: ledgertest.NewMemory(), Signer: signer, Codec: codec, Book: domain.CN2024(), Now: time.Now,
	})
}
