package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/projections"
)

// disclosureEnums are the closed sets of disclosures.
func (b *builder) disclosureEnums() {
	b.disclosureStatus = b.enum("DisclosureStatus", "The life of an item due to the public.",
		v(disclosure.StatusDue, "It is due."), v(disclosure.StatusPublished, "Published."), v(disclosure.StatusWithdrawn, "Withdrawn."))
	b.medium = b.enum("Medium", "Where an item is published.",
		v(disclosure.MediumWebsite, "The agency's website 门户网站."), v(disclosure.MediumBoard, "A notice board 公示栏."), v(disclosure.MediumGazette, "A gazette 公报."),
		v(disclosure.MediumHallScreen, "A screen in the service hall 办事大厅显示屏."), v(disclosure.MediumNewspaper, "A newspaper 报纸."))
}

func (b *builder) declareDisclosure() {
	b.disclosure = b.object("Disclosure", "An item due to the public on a medium 政务公开 (article I5), as it stands. Anyone may see it, signed in or not.")
}

func (b *builder) defineDisclosure() {
	type object = projections.Disclosure
	b.define(b.disclosure,
		id("id", "The id.", func(d *object) domain.DisclosureID { return d.ID }),
		text("title", "The title.", func(d *object) string { return d.Title }),
		text("category", "The category of the item.", func(d *object) string { return d.Category }),
		choice("medium", "Where it is due.", b.medium, func(d *object) string { return d.Medium }),
		choice("status", "Where it stands.", b.disclosureStatus, func(d *object) string { return d.Status }),
		optionalID("unitId", "The id of the unit that owes it.", func(d *object) domain.UnitID { return d.Unit }),
		related("unit", "The unit that owes it; null for whoever may not see units.", b.unit, loadUnit, func(d *object) domain.UnitID { return d.Unit }),
		related("enforcement", "The act it is about.", b.enforcement, loadEnforcement, func(d *object) domain.EnforcementID { return d.About }),
		day("due", "The last day for its publication.", func(d *object) domain.Date { return d.Due }),
		day("publishedOn", "The day of its publication.", func(d *object) domain.Date { return d.PublishedOn }),
		number("daysLate", "By how many calendar days that missed its day.", func(d *object) int { return d.DaysLate }),
		text("url", "Where it is found on the net.", func(d *object) string { return d.URL }),
		text("place", "Where it hangs.", func(d *object) string { return d.Place }),
		day("correctedOn", "The day of its last correction.", func(d *object) domain.Date { return d.CorrectedOn }),
		text("correction", "Why it was corrected.", func(d *object) string { return d.Correction }),
		day("withdrawBy", "The last day to withdraw it, where it has to be.", func(d *object) domain.Date { return d.WithdrawBy }),
		day("withdrawnOn", "The day it was withdrawn.", func(d *object) domain.Date { return d.WithdrawnOn }),
		text("withdrawReason", "Why it was withdrawn.", func(d *object) string { return d.WithdrawReason }),
		number("withdrawDaysLate", "By how many calendar days that missed its day.", func(d *object) int { return d.WithdrawDaysLate }),
		flag("overdue", "It is due and not published, or to be withdrawn and still public, past its day.", func(d *object) bool { return d.Overdue }),
		flag("imported", importedDoc, func(d *object) bool { return d.Imported }),
		timelineOf(b, func(d *object) domain.Ref { return d.ID.Ref() }))
	register(b, "disclosure", "disclosures", oneAndMany{"An item due to the public 政务公开.", "The register of what is due to the public, the last due first.",
		"A page of items due to the public, the last due first.", "Narrows the register of disclosures."}, b.disclosure,
		[]argument{argUnitBelow,
			arg("medium", b.medium.typ, "On this medium."),
			arg("category", gql.String, "Exactly this category."),
			arg("status", b.disclosureStatus.typ, "Where it stands."),
			arg("enforcement", gql.ID, "About this act."),
			arg("overdue", gql.Boolean, "Only those that are overdue."),
			arg("late", gql.Boolean, "Only those published after their day."),
			arg("dueFrom", scalarDate, "Due on this day or later."),
			arg("dueTo", scalarDate, "Due on this day or earlier."),
			arg("imported", gql.Boolean, "Only old history, or only what was due here.")},
		func(r *request, id domain.DisclosureID) (*object, error) { return r.reader.Disclosure(r.ctx, id) },
		func(in input) projections.DisclosureFilter {
			return projections.DisclosureFilter{Unit: domain.UnitID(in.text("unit")), Medium: in.text("medium"), Category: in.text("category"), Status: in.text("status"),
				Enforcement: domain.EnforcementID(in.text("enforcement")), Overdue: in.flag("overdue"), Late: in.flag("late"),
				DueFrom: in.day("dueFrom"), DueTo: in.day("dueTo"), Imported: in.choice("imported")}
		}, (*projections.Reader).Disclosures)
}
