package complaint

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Channel is how a complaint came in.
type Channel string

// The channels.
const (
	ChannelLetter  Channel = "letter"  // 来信
	ChannelVisit   Channel = "visit"   // 来访
	ChannelHotline Channel = "hotline" // 来电
	ChannelWeb     Channel = "web"     // 网络
	ChannelMedia   Channel = "media"   // 媒体
	ChannelWindow  Channel = "window"  // 窗口评价
)

// Received: a complaint came in. It holds nothing that says who reported it,
// only whether they gave a real name; the summary must not tell it either.
// Their identity is sealed in an event of its own (ReporterSealed).
type Received struct {
	Channel  Channel            `json:"channel"`
	Category string             `json:"category"`
	Summary  string             `json:"summary"`
	Place    string             `json:"place,omitzero"`
	Unit     domain.UnitID      `json:"unit,omitzero"`
	Post     domain.PostID      `json:"post,omitzero"`
	Officers []domain.OfficerID `json:"officers,omitempty"`
	RealName bool               `json:"realName"`
	Evidence []domain.Evidence  `json:"evidence,omitempty"`
}

func (Received) Kind() domain.Kind { return "complaint.received.v1" }

func (e Received) Apply(c *Complaint, act domain.Act) {
	c.Status, c.RealName, c.Unit, c.Post, c.Officers = StatusReceived, e.RealName, e.Unit, e.Post, slices.Clip(e.Officers)
	c.RouteFrom, c.ReceivedAt = act.OccurredAt, act.OccurredAt
}

// Receive registers a complaint of the public or of the media.
type Receive struct {
	// Channel is letter, visit, hotline, web, media or window.
	Channel Channel `json:"channel"`
	// Category is the agency's own word for the matter.
	Category string `json:"category"`
	// Summary says what is complained of, and never who complains.
	Summary string `json:"summary"`
	// Place is where it happened, as far as known.
	Place string `json:"place,omitzero"`
	// Unit, Post and Officers are those complained about, as far as known.
	Unit     domain.UnitID      `json:"unit,omitzero"`
	Post     domain.PostID      `json:"post,omitzero"`
	Officers []domain.OfficerID `json:"officers,omitempty"`
	// RealName tells a report under a real name 实名举报 from an anonymous one.
	RealName bool              `json:"realName"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
	// Reporter is the identity of the reporter under seal, where they left
	// one. 'probity submit' seals it (SealReporter).
	Reporter domain.Sealed `json:"reporter,omitzero"`
	// Receipt is of the receipt code that the reporter is given: set by the
	// public pages, and by 'probity submit' for the code beside the data, never
	// by hand.
	Receipt Receipt `json:"receipt,omitzero"`
}

func (Receive) Name() domain.CommandName { return "complaint.receive" }

func (Receive) By() []domain.Role { return []domain.Role{domain.RoleIntake, domain.RolePublic} }

func (c Receive) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this complaint is on file already")
	}
	if err := domain.First(
		domain.CheckOneOf("channel", c.Channel, ChannelLetter, ChannelVisit, ChannelHotline, ChannelWeb, ChannelMedia, ChannelWindow),
		domain.CheckText("category", c.Category), domain.CheckText("summary", c.Summary), domain.CheckOptionalText("place", c.Place),
		domain.CheckOptionalID("unit", c.Unit), domain.CheckOptionalID("post", c.Post), domain.CheckIDs("officers", c.Officers),
		domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	decided := []domain.Event{Received{c.Channel, c.Category, c.Summary, c.Place, c.Unit, c.Post, c.Officers, c.RealName, c.Evidence}}
	if c.Reporter != (domain.Sealed{}) {
		if err := domain.CheckSealed("reporter", c.Reporter); err != nil {
			return nil, err
		}
		decided = append(decided, ReporterSealed(c.Reporter))
	}
	if c.Receipt != (Receipt{}) {
		if err := c.Receipt.check(act, c.Reporter.Key); err != nil {
			return nil, err
		}
		decided = append(decided, ReceiptGiven(c.Receipt))
	}
	return decided, nil
}

// Acknowledged: the reporter was told that the complaint is in hand.
type Acknowledged struct {
	// DaysLate counts the days past the term for acknowledging a report, or
	// for telling a real-name reporter that the complaint was accepted,
	// whichever is more.
	DaysLate int `json:"daysLate,omitzero"`
}

func (Acknowledged) Kind() domain.Kind { return "complaint.acknowledged.v1" }

func (e Acknowledged) Apply(c *Complaint, act domain.Act) {
	c.Acknowledged, c.ToldAt = true, act.OccurredAt
}

// Acknowledge tells the reporter that the complaint came in; once more, to a
// real-name reporter, that it was accepted.
type Acknowledge struct{}

func (Acknowledge) Name() domain.CommandName { return "complaint.acknowledge" }

func (Acknowledge) By() []domain.Role { return []domain.Role{domain.RoleIntake} }

func (c Acknowledge) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("acknowledged", StatusReceived, StatusScreened, StatusAccepted, StatusTransferred), s.unconcerned(act, book)); err != nil {
		return nil, err
	}
	if s.Acknowledged {
		return nil, domain.Refuse(domain.CodeState, "", "the reporter was told already")
	}
	e := Acknowledged{daysLate(s.ReceivedAt, book.Reporting.Acknowledge, act, book)}
	if s.Status == StatusAccepted && s.RealName {
		e.DaysLate = max(e.DaysLate, daysLate(s.AcceptedAt, book.Complaint.NotifyRealName, act, book))
	}
	return []domain.Event{e}, nil
}

// Withdrawn: the reporter took the complaint back before it was concluded.
type Withdrawn struct {
	Reason string `json:"reason"`
}

func (Withdrawn) Kind() domain.Kind { return "complaint.withdrawn.v1" }

func (e Withdrawn) Apply(c *Complaint, act domain.Act) { c.Status = StatusWithdrawn }

// Withdraw takes the complaint back. What is concluded stays concluded.
type Withdraw struct {
	Reason string `json:"reason"`
}

func (Withdraw) Name() domain.CommandName { return "complaint.withdraw" }

func (Withdraw) By() []domain.Role { return []domain.Role{domain.RolePublic, domain.RoleIntake} }

func (c Withdraw) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("withdrawn", StatusReceived, StatusScreened, StatusAccepted, StatusTransferred),
		s.unconcerned(act, book), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{Withdrawn(c)}, nil
}
