package projections

import (
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
)

// FileRooms are the rooms whose aggregates belong to an officer's record file
// as a whole as soon as one of their events touches the officer.
func FileRooms() []string {
	return []string{complaint.Room.Name, misconduct.Room.Name, sanction.Room.Name, reward.Room.Name}
}
