package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/roster"
)

// paperExport is what export paper is asked for.
type paperExport struct {
	officer, matter, complaint string
	format, as, asOf, out      string
	lang, address, purpose     string
	signed                     bool
	who                        projections.Principal
	order                      console.Order
}

func (a *app) exportPaperCmd() *cobra.Command {
	var x paperExport
	cmd := &cobra.Command{
		Use:   "paper --officer ID|--case ID|--complaint ID [--format pdf|html] [-o FILE]",
		Short: "A record file, case or complaint to print, with what proves it",
		Long: `Writes the record file of an officer, a case or a complaint as a paper on A4: what
--as may see, lines to sign on, and two codes by which a reader holds the paper
against the ledger. How that is done: docs/paper.md.

PDF takes Chromium or Chrome, found on the PATH. Without it the paper is written
as one HTML file that loads nothing and that any browser prints, and that is said.

Without --signed the paper holds position, digests and checkpoint, but no receipt,
for the folder is opened for reading alone, beside a running server. With it the
ledger's key signs; no server may hold the folder then. The page /print of a
server's console is signed as well.

That a record file was written is noted as its reading by the subject of --as, for
the reason in --purpose; the officer sees it.`,
		Example: example("probity export paper --officer HG-0026 -o HG-0026.pdf",
			"probity export paper --officer HG-0026 --as-of 2025-12-31 --lang zh --as hr:li@hq -o HG-0026.pdf",
			"probity export paper --case SW-2024-0003 --signed --address https://ledger.example -o case.html"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.exportPaper(cmd.Context(), x) },
	}
	f := cmd.Flags()
	f.StringVar(&x.officer, "officer", "", "whose record file")
	f.StringVar(&x.matter, "case", "", "which case")
	f.StringVar(&x.complaint, "complaint", "", "which complaint")
	f.StringVar(&x.format, "format", "", "pdf or html; by the ending of -o, else pdf")
	f.StringVar(&x.as, "as", "auditor:local", "who is shown it: ROLE:SUBJECT[@UNIT,…]")
	f.StringVar(&x.asOf, "as-of", "", "the record file as the ledger knew it at the end of the DATE, or at a moment (RFC 3339)")
	f.StringVarP(&x.out, "out", "o", "", "file to write; standard output without it")
	f.StringVar(&x.lang, "lang", "en", "language of the paper: en or zh")
	f.StringVar(&x.address, "address", "", "where the ledger's console is served, as in https://ledger.example: the code leads there")
	f.StringVar(&x.purpose, "purpose", "printed on paper", "why the record file is read")
	f.BoolVar(&x.signed, "signed", false, "with a receipt, signed by the ledger's key")
	return cmd
}

// check fills in what follows from the flags.
func (x *paperExport) check() error {
	x.order = console.Order{Language: x.lang, Address: strings.TrimSuffix(x.address, "/"), Purpose: x.purpose}
	for kind, id := range map[string]string{"officers": x.officer, "cases": x.matter, "complaints": x.complaint} {
		switch {
		case id == "":
		case x.order.ID != "":
			return usagef("--officer, --case and --complaint are papers of their own: give one")
		default:
			x.order.Kind, x.order.ID = kind, id
		}
	}
	if x.order.ID == "" {
		return usagef("say what the paper is about: --officer, --case or --complaint")
	}
	if x.format == "" {
		if x.format = "pdf"; strings.HasSuffix(x.out, ".html") {
			x.format = "html"
		}
	}
	switch {
	case x.format != "pdf" && x.format != "html":
		return usagef("--format %q is unknown: use pdf or html", x.format)
	case !slices.Contains([]string{"en", "zh"}, x.lang):
		return usagef("--lang %q is unknown: use en or zh", x.lang)
	case x.asOf != "" && x.officer == "":
		return usagef("--as-of goes with --officer: the ledger tells of the record file as it stood, of a case as it stands")
	case x.address != "" && !strings.HasPrefix(x.address, "https://"):
		return usagef("--address %q does not begin with https://", x.address)
	}
	var err error
	x.who, err = asPrincipal(x.as)
	return err
}

func (a *app) exportPaper(ctx context.Context, x paperExport) (err error) {
	if err := x.check(); err != nil {
		return err
	}
	h, err := a.openPaper(ctx, x.signed)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	if x.order.At, err = roster.Moment(h.Views.As(x.who), x.asOf); err != nil {
		return usageError{fmt.Errorf("--as-of: %w", err)}
	}
	page, err := h.Paper(ctx, x.who, x.order, a.storeLog())
	if errors.Is(err, console.ErrNoPaper) {
		return hinted{fmt.Errorf("%s: %w", x.order.ID, err), "--as says who is shown it; a record file shows nothing of before its officer enrolled"}
	}
	if err != nil {
		return err
	}
	if x.format == "pdf" {
		if page, err = a.asPDF(ctx, &x, page); err != nil {
			return err
		}
	}
	if x.out == "" {
		_, err = a.stdout.Write(page)
		return err
	}
	f, err := createWhole(x.out)
	if err != nil {
		return err
	}
	defer f.drop()
	if _, err := f.Write(page); err != nil {
		return fmt.Errorf("write %s: %w", x.out, err)
	}
	if err := f.commit(); err != nil {
		return err
	}
	fmt.Fprintln(a.stderr, "written to", x.out)
	return nil
}

// asPDF has the paper printed. Where there is nothing to print it with, it
// remains as it is, in a file of another name, and that is said.
func (a *app) asPDF(ctx context.Context, x *paperExport, page []byte) ([]byte, error) {
	printer := findChromium()
	if printer == "" {
		if name, ok := strings.CutSuffix(x.out, ".pdf"); ok {
			x.out = name + ".html"
		}
		fmt.Fprintln(a.stderr, "no Chromium on the PATH, which makes the PDF: the paper is HTML instead; open it in a browser and print it")
		return page, nil
	}
	pdf, err := printPDF(ctx, printer, page, time.Minute)
	if err != nil {
		err = hinted{err, "--format html writes the paper without " + filepath.Base(printer)}
	}
	return pdf, err
}

// openPaper opens the folder with its views, for writing where the ledger's
// key is to sign.
func (a *app) openPaper(ctx context.Context, signed bool) (*house.House, error) {
	h, err := a.openReading() // opening to write would begin a ledger
	if err != nil {
		return nil, err
	}
	if signed {
		if err := h.Close(); err != nil {
			return nil, err
		}
		if h, err = a.openWriting(ctx, false); err != nil {
			return nil, err
		}
	}
	err = h.OpenViews(ctx, nil)
	if err == nil && signed {
		if err = h.CatchUpViews(ctx); err == nil {
			err = h.Notary.CatchUp(ctx)
		}
	}
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}
