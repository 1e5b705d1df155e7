package graphql

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// defineAccess is who read the record file of an officer.
func (b *builder) defineAccess() {
	type reading = projections.FileReading
	o := b.object("FileReading", "Somebody read a record file.")
	b.define(o,
		optionalID("by", "Who, by sign-in name.", func(x *reading) domain.ActorID { return x.By }),
		text("role", "In which role, a word of the ledger or of old records.", func(x *reading) string { return x.Role }),
		text("why", "What for.", func(x *reading) string { return x.Why }),
		number("count", "How often.", func(x *reading) int { return x.Count }),
		optionalMoment("from", "The first time; null where old records do not say.", func(x *reading) time.Time { return x.From }),
		optionalMoment("to", "The last time; of old records, the day.", func(x *reading) time.Time { return x.To }),
		flag("imported", importedDoc, func(x *reading) bool { return x.Imported }))
	b.define(b.officer, relatedAll("fileReadings", "Who read their record file, in the order of the ledger; empty when you may not know.", o,
		func(r *request) *loader[domain.OfficerID, []reading] { return &r.rooms().fileReadings }, func(o *projections.Officer) domain.OfficerID { return o.ID }))
}
