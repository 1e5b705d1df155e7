package activity

import "github.com/probity-ledger/probity/domain"

// Carrier is what culture is carried by.
type Carrier string

// The carriers.
const (
	CarrierBoard   Carrier = "board"   // 宣传栏
	CarrierShelf   Carrier = "shelf"   // 图书角
	CarrierPage    Carrier = "page"    // 网页专栏
	CarrierContest Carrier = "contest" // 竞赛
)

// CarrierSet: a carrier of culture was set up.
type CarrierSet struct {
	Carrier Carrier       `json:"carrier"`
	Title   string        `json:"title"`
	Unit    domain.UnitID `json:"unit"`
	On      domain.Date   `json:"on"`
}

func (CarrierSet) Kind() domain.Kind { return "activity.carrier_set.v1" }

func (e CarrierSet) Apply(a *Activity, act domain.Act) {
	a.Status, a.Kind, a.Unit, a.Topic, a.Refreshed = StatusSet, KindCulture, e.Unit, e.Title, e.On
}

// SetCarrier sets up a carrier of culture, under an id of its own.
type SetCarrier struct {
	// Carrier is board, shelf, page or contest.
	Carrier Carrier       `json:"carrier"`
	Title   string        `json:"title"`
	Unit    domain.UnitID `json:"unit"`
	// On is the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
}

func (SetCarrier) Name() domain.CommandName { return "activity.set_carrier" }

func (SetCarrier) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader}
}

func (c SetCarrier) Decide(a Activity, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	on, err := upToNow("on", c.On, act, book)
	if err := domain.First(a.fresh(), domain.CheckOneOf("carrier", c.Carrier, CarrierBoard, CarrierShelf, CarrierPage, CarrierContest),
		domain.CheckText("title", c.Title), domain.CheckID("unit", c.Unit), err); err != nil {
		return nil, err
	}
	c.On = on
	return []domain.Event{CarrierSet(c)}, nil
}

// CarrierRefreshed: what the carrier shows was renewed.
type CarrierRefreshed struct {
	Unit     domain.UnitID     `json:"unit"`
	On       domain.Date       `json:"on"`
	Content  string            `json:"content"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (CarrierRefreshed) Kind() domain.Kind { return "activity.carrier_refreshed.v1" }

func (e CarrierRefreshed) Apply(a *Activity, act domain.Act) {
	if e.On.After(a.Refreshed) {
		a.Refreshed = e.On
	}
}

// RefreshCarrier records that a carrier shows something new.
type RefreshCarrier struct {
	// On is the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
	// Content says what is new.
	Content  string            `json:"content"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (RefreshCarrier) Name() domain.CommandName { return "activity.refresh_carrier" }

func (RefreshCarrier) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader, domain.RoleOfficer}
}

func (c RefreshCarrier) Decide(a Activity, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	on, err := upToNow("on", c.On, act, book)
	if err := domain.First(a.in("refreshed", StatusSet), domain.CheckText("content", c.Content), domain.CheckEvidence("evidence", c.Evidence), err); err != nil {
		return nil, err
	}
	if on.Before(a.Refreshed) {
		return nil, domain.Refuse(domain.CodeInvalid, "on", "%s lies before the carrier was set up or last refreshed, %s", on, a.Refreshed)
	}
	return []domain.Event{CarrierRefreshed{a.Unit, on, c.Content, c.Evidence}}, nil
}

// CarrierRetired: the carrier is no longer kept up.
type CarrierRetired struct {
	Unit   domain.UnitID `json:"unit"`
	Reason string        `json:"reason"`
}

func (CarrierRetired) Kind() domain.Kind { return "activity.carrier_retired.v1" }

func (e CarrierRetired) Apply(a *Activity, act domain.Act) { a.Status = StatusRetired }

// RetireCarrier gives a carrier up, such as a contest that is over.
type RetireCarrier struct {
	Reason string `json:"reason"`
}

func (RetireCarrier) Name() domain.CommandName { return "activity.retire_carrier" }

func (RetireCarrier) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader}
}

func (c RetireCarrier) Decide(a Activity, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(a.in("retired", StatusSet), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{CarrierRetired{a.Unit, c.Reason}}, nil
}
