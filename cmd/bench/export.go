package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/rosterfile"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger/embedded"
)

// The goals of an export of a hundred thousand record files.
var (
	exportTimeGoal   = below(60)
	exportMemoryGoal = below(300)
)

// export measures 'probity export records' in each format: the whole time of the
// process, each file noted as read, and its highest resident memory. The
// reference are as many rows of the same width, written as CSV without a ledger.
func (s *suite) export(ctx context.Context) error {
	binary, err := s.program(ctx)
	if err != nil {
		return err
	}
	files := pick(s, 100_000, 5_000)
	dir, err := s.staffed(ctx, files)
	if err != nil {
		return err
	}
	const reference = "plain CSV of as many rows"
	took, memory, plain := map[string][]float64{}, map[string][]float64{}, []float64{}
	for round := range pick(s, 3, 2) {
		start := time.Now()
		if err := s.plainRows(files); err != nil {
			return err
		}
		plain = append(plain, time.Since(start).Seconds())
		for _, format := range rosterfile.Formats {
			s.progress("round %d: export of %s record files as %s", round+1, figure(float64(files)), format)
			seconds, mib, err := s.exportRun(ctx, binary, dir, format)
			if err != nil {
				return err
			}
			s.progress("%s: %.1f s, %.0f MiB", format, seconds, mib)
			took[format], memory[format] = append(took[format], seconds), append(memory[format], mib)
			if err := dropReadings(dir); err != nil {
				return err
			}
		}
	}
	for _, format := range rosterfile.Formats {
		name := fmt.Sprintf("export of %s record files, %s", figure(float64(files)), format)
		s.report.compare(name, "s", took[format], reference, plain, exportTimeGoal)
		s.report.add(name+", highest resident", "MiB", memory[format], exportMemoryGoal)
	}
	return nil
}

// program builds the real program.
func (s *suite) program(ctx context.Context) (string, error) {
	binary := filepath.Join(s.dir, "probity")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/probity-ledger/probity/cmd/probity")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return binary, nil
}

// exportRun exports once and returns the seconds and MiB it took.
func (s *suite) exportRun(ctx context.Context, binary, dir, format string) (seconds, mib float64, err error) {
	out, err := s.folder("export")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(out)) }()
	cmd := exec.CommandContext(ctx, binary, "export", "records", "--data", dir, "--format", format, "-o", filepath.Join(out, "records."+format))
	var said bytes.Buffer
	cmd.Stderr = &said
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	// The kernel's own figure of a process that has ended counts what it was
	// forked from, so it is asked while it runs.
	ended, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			mib = max(mib, resident(cmd.Process.Pid, "VmHWM"))
			select {
			case <-ended:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	err = cmd.Wait()
	seconds = time.Since(start).Seconds()
	close(ended)
	<-watched
	if err != nil {
		return 0, 0, fmt.Errorf("export as %s: %w\n%s", format, err, said.Bytes())
	}
	return seconds, mib, nil
}

// staffed makes a ledger of so many officers, each with a course, and its
// views.
func (s *suite) staffed(ctx context.Context, officers int) (dir string, err error) {
	if dir, err = s.dataFolder(); err != nil {
		return "", err
	}
	store, err := embedded.Open(dir, embedded.Options{})
	if err != nil {
		return "", err
	}
	counted := &countingStore{Store: store}
	err = s.telling("enrolled", &counted.events, 2*officers, func() error {
		rec := s.recorder(counted)
		record := func(role domain.Role, subject string, c domain.Command) error {
			_, err := rec.Record(ctx, domain.Instruction{ID: string(c.Name()) + subject, Command: c, Act: domain.Act{Subject: subject, Actor: "hr-li", Role: role}})
			return err
		}
		if err := record(domain.RoleHR, string(headOffice), unit.Establish{UnitName: "海关", UnitNameEn: "Customs", UnitKind: unit.KindAgency}); err != nil {
			return err
		}
		_, err := drive(ctx, 4*clients, officers, func(_ context.Context, i int, step func(func() error) error) error {
			id := fmt.Sprintf("P-%06d", i)
			return step(func() error {
				return errors.Join(
					record(domain.RoleHR, id, officer.Enroll{FullName: surnames[i%len(surnames)] + "明", LatinName: "Officer " + id, StaffNumber: id, Unit: headOffice, Rank: "二级主办"}),
					record(domain.RoleHR, id, officer.CompleteTraining{Course: "廉政警示教育 integrity education", Hours: 4}))
			})
		})
		return err
	})
	if err = errors.Join(err, store.Close()); err != nil {
		return "", err
	}
	h, err := house.Open(house.Config{Dir: dir, Write: true, PlainKey: true})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := h.OpenViews(ctx, nil); err != nil {
		return "", err
	}
	return dir, h.Views.CatchUp(ctx, h.Store, nil)
}

// dropReadings forgets what an export noted: recording it makes an event for each
// file, and only so much may wait.
func dropReadings(dir string) error {
	journals, err := filepath.Glob(filepath.Join(dir, "readings", "*"))
	for _, journal := range journals {
		err = errors.Join(err, os.Remove(journal))
	}
	return err
}

// plainRows writes so many rows about as wide as those of officers.
func (s *suite) plainRows(rows int) (err error) {
	f, err := os.CreateTemp(s.dir, "plain")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	w := csv.NewWriter(io.Writer(f))
	for i := range rows {
		row := []string{strconv.Itoa(i)}
		for range 24 {
			row = append(row, "二级主办 Officer")
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
