package agency

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/sanction"
)

// dismissalTakenBack is one officer who is dismissed and, since the evidence
// does not hold on appeal, returns to the service.
func (b *bureau) dismissalTakenBack(p *play) {
	m := p.ordinary(func(m *member) bool { return !m.troubled && p.clear(m) })
	if m == nil {
		return
	}
	m.kept = true
	p.openCase(m, p.profile.grievances["favours"], inquiry{measure: domain.MeasureDismissal, suspend: true,
		punish: penalty{appeal: sanction.OutcomeOverturned, imposed: func(p *play) { p.comeBack(m) }}}, misconduct.OriginInspection, nil)
}

// comeBack waits until the dismissal was carried out and taken back, and then
// gives the officer a post and a certificate again.
func (p *play) comeBack(m *member) {
	for !p.over && p.serving(m) {
		p.days(2, 5)
	}
	for !p.over && !p.clear(m) { // out of the service, or the case not yet archived
		p.days(3, 9)
	}
	if p.over {
		return
	}
	id := string(m.id)
	p.do(p.hr(), id, officer.Appoint{Post: m.pos.id, Unit: m.pos.unit})
	p.minutes(10, 60)
	if p.file(m).Certificate.Status == officer.CertificateWithdrawn {
		p.do(p.hr(), id, officer.IssueCertificate{Number: p.profile.certificate + p.profile.serial(m) + "-复1号"})
	}
	p.start(p.now, "training after return "+id, func(p *play) { p.train(m) })
}
