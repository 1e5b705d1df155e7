package house

import (
	"context"

	"github.com/probity-ledger/probity/console/intake"
)

// intakeDesk records what the public hands in.
func (h *House) intakeDesk() (intake.Desk, error) { return closedDesk{}, nil }

// closedDesk takes nothing.
type closedDesk struct{}

func (closedDesk) Agencies(context.Context) ([]intake.Agency, error) {
	return nil, intake.ErrUnavailable
}
func (closedDesk) Receive(context.Context, intake.Report) error { return intake.ErrUnavailable }
func (closedDesk) Look(context.Context, string) (intake.State, error) {
	return intake.State{}, intake.ErrUnavailable
}
func (closedDesk) Write(context.Context, string, string, string, []intake.File) error {
	return intake.ErrUnavailable
}
