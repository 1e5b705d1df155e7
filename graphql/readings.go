package graphql

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/projections"
)

// errNotNoted: a reading could not be noted, and what was read is not shown.
var errNotNoted = errors.New("the reading of a record file is not noted")

// opens remembers that the answer shows the record file of the officer.
func (r *request) opens(id domain.OfficerID) {
	if r.service.config.FileRead == nil || r.isOpen[id] {
		return
	}
	if r.isOpen == nil {
		r.isOpen = map[domain.OfficerID]bool{}
	}
	r.isOpen[id] = true
	r.opened = append(r.opened, id)
}

// touching lists the events that touch what is referred to; those of an officer
// are what the file is made of.
func (r *request) touching(ref domain.Ref, f projections.EventFilter, p projections.Page) (*projections.List[projections.TimelineEntry], error) {
	list, err := r.reader.Timeline(r.ctx, ref, f, p)
	if err == nil && len(list.Items) > 0 {
		err = r.opensBy(ref)
	}
	return list, err
}

// opensBy remembers it of an officer whose events are listed, where the file
// itself may be read: others see but events of matters of their own.
func (r *request) opensBy(ref domain.Ref) error {
	id := domain.OfficerID(ref.ID)
	if ref != id.Ref() || r.service.config.FileRead == nil || r.isOpen[id] {
		return nil
	}
	may, err := r.reader.MayReadFile(r.ctx, id)
	if may {
		r.opens(id)
	}
	return err
}

// noteReadings has each record file that the answer shows noted as read, once.
func (s *Service) noteReadings(r *request, checked *guard.Checked, purpose string) error {
	if len(r.opened) == 0 {
		return nil
	}
	if purpose == "" {
		purpose = "GraphQL"
		if name := checked.Operation.Name; name != nil {
			purpose += ": " + name.Value
		}
	}
	at := s.config.Now()
	for _, id := range r.opened {
		if err := s.config.FileRead(r.ctx, r.reader.Principal(), id, purpose, at); err != nil {
			return fmt.Errorf("%w: %w", errNotNoted, err)
		}
	}
	return nil
}

// unnoted is the answer where a reading could not be noted.
func (s *Service) unnoted(ctx context.Context, err error) *overhttp.Response {
	response := s.refused(ctx, err)
	if domain.RefusalCode(err) == "" {
		response.Status = http.StatusServiceUnavailable
	}
	return response
}

// readPurpose reads what a request is for, as the officer will see it.
func readPurpose(value any) (string, error) {
	text, ok := value.(string)
	if !ok {
		return "", badExtension("purpose", "must be a text, such as \"annual appraisal\"")
	}
	text = strings.TrimSpace(text)
	return text, domain.CheckText("extensions."+extension+".purpose", text)
}
