package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

// printStory says what to open, as whom, and what to ask.
func printStory(w io.Writer, s *agency.Story, base, data string, kept bool, issuer *signin.Issuer) error {
	fmt.Fprintf(w, "\n%s (%s) is open at %s/\n", agency.DistrictZh, agency.DistrictEn, base)
	for _, a := range s.Agencies {
		fmt.Fprintf(w, "  %s  %s (%s)\n", a.Unit, a.Zh, a.En)
	}
	fmt.Fprintf(w, "\nSign in (links last one hour; this server signs its own tokens: for one machine only)\n")
	if err := printPeople(w, s, base, issuer); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nStories to find (sign in as auditor: your home page leads to each; or paste the query into GraphiQL)\n")
	for _, p := range s.Planted {
		if p.Complete {
			fmt.Fprintf(w, "  %s (%s)\n    %s\n    %s\n    %s%s\n    %s\n", p.Name, p.Agency, p.TitleZh, p.TitleEn, base, storyPage(p), storyQuery(p))
		}
	}
	printWarnings(w, s, base)
	printPublic(w, base)
	fmt.Fprint(w, `
Ask more
  {units(filter:{kind:AGENCY}){nodes{id name nameEn}}}
  {complaints(first:5){totalCount nodes{id category status result unit{name}}}}
  {obligations(first:5){totalCount nodes{what due subject{type id}}}}
`)
	fmt.Fprintf(w, "\nBeside this server\n  probity verify --data %[1]s\n  probity export records --data %[1]s\n", data)
	fmt.Fprintf(w, "When a link has run out, paste what this prints at %s\n  probity token --data %s --role auditor --sub auditor-01\n", base+console.Path+"/signin", data)
	if !kept {
		fmt.Fprintf(w, "Kept until it stops; keep it with --data DIR.\n")
	}
	fmt.Fprintf(w, "\nStop with Ctrl-C.\n")
	return nil
}

// printWarnings says which warnings were followed to their outcome, one for
// each article, and which ones wait for the reader.
func printWarnings(w io.Writer, s *agency.Story, base string) {
	fmt.Fprintf(w, "\nEarly warning: one warning of each article, from the day it was raised to its outcome (as auditor)\n")
	for _, f := range s.OneForEach() {
		fmt.Fprintf(w, "  %-3s %-7s %s\n    %s\n", f.Article, f.Outcome, f.Rule, base+warningPage(f))
	}
	for _, f := range s.Followed {
		if !f.Open {
			continue
		}
		for _, p := range s.People {
			if p.Role == domain.RoleInspector && p.Agency == f.Agency {
				fmt.Fprintf(w, "  open: take it up as inspector %s (docs/tutorials/warning.md)\n    %s\n", p.Subject, base+warningPage(f))
				break
			}
		}
	}
}

// warningPage is the page of the console that shows the warning.
func warningPage(f *agency.Followed) string {
	return console.Path + "/warnings/" + url.PathEscape(string(f.Warning))
}

// printPeople gives each sample of a reader a link to sign in by, those
// outside the agencies first.
func printPeople(w io.Writer, s *agency.Story, base string, issuer *signin.Issuer) error {
	heads := map[domain.UnitID]string{"": "Over the agencies"}
	for _, a := range s.Agencies {
		heads[a.Unit] = a.Zh + " " + a.En
	}
	last := ""
	for _, p := range s.People {
		token, _, err := issuer.Mint(signin.Grant{Subject: string(p.Subject), Role: p.Role, Units: p.Units})
		if err != nil {
			return fmt.Errorf("mint a token for %s: %w", p.Subject, err)
		}
		if head := heads[p.Agency]; head != last {
			fmt.Fprintf(w, "  %s\n", head)
			last = head
		}
		who := strings.TrimSpace(string(p.Subject) + " " + p.NameZh)
		fmt.Fprintf(w, "    %s %s: %s\n      %s\n", p.Role, who, p.Why, base+consoleLink(token))
		if p.Role == domain.RoleAuditor { // whom the queries of the stories are for
			fmt.Fprintf(w, "      GraphiQL: %s/signin?token=%s\n", base, url.QueryEscape(token))
		}
	}
	return nil
}

// consoleLink signs in to the console. The token stands behind the #, which no
// browser sends: it reaches neither a log nor another server.
func consoleLink(token string) string {
	return console.Path + "/signin#token=" + url.QueryEscape(token)
}

// storyPage is the page of the console that shows the story.
func storyPage(p agency.Planted) string {
	q := storyQueries[p.Name]
	return console.Path + "/" + q.page + "/" + url.PathEscape(q.about(p))
}

// tourOf are the pages of the stories, for the console's home.
func tourOf(s *agency.Story) (tour []console.Stop) {
	for _, p := range s.Planted {
		if p.Complete {
			tour = append(tour, console.Stop{Path: storyPage(p), Zh: p.TitleZh, En: p.TitleEn})
		}
	}
	return tour
}

// The ids of a story, for the query that shows it.
func ofOfficer(p agency.Planted) string     { return string(p.Officer) }
func ofComplaint(p agency.Planted) string   { return string(p.Complaint) }
func ofCase(p agency.Planted) string        { return string(p.Case) }
func ofSanction(p agency.Planted) string    { return string(p.Sanction) }
func ofReward(p agency.Planted) string      { return string(p.Reward) }
func ofPlan(p agency.Planted) string        { return string(p.Plan) }
func ofEnforcement(p agency.Planted) string { return string(p.Enforcement) }
func ofWarning(p agency.Planted) string     { return string(p.Warning) }
func ofProgramme(p agency.Planted) string   { return string(p.Programme) }

// storyQueries ask for the point of each story, by its name. README.md lists
// them with what they show.
var storyQueries = map[string]struct {
	about func(agency.Planted) string
	page  string // of the console
	query string
}{
	"demerit-to-release":  {ofOfficer, "officers", `{officer(id:%q){name recordFile{findings{result} sanctions{measure status from until}} timeline(first:12,filter:{as:["subject"]}){nodes{event{kind occurredAt}}}}}`},
	"appeal-varied":       {ofSanction, "history/sanction", `{sanction(id:%q){officer{name} measure status from until timeline(first:20){nodes{event{kind occurredAt actor}}}}}`},
	"case-dismissed":      {ofCase, "cases", `{case(id:%q){status origin summary timeline(first:30){nodes{event{kind occurredAt actor}}}}}`},
	"reward-revoked":      {ofReward, "history/reward", `{reward(id:%q){honour merit status officer{name} timeline(first:20){nodes{event{kind occurredAt}}}}}`},
	"clean-record":        {ofOfficer, "officers", `{officer(id:%q){name rank timeline(first:20,filter:{as:["subject"]}){totalCount nodes{event{kind occurredAt}}}}}`},
	"imported-history":    {ofOfficer, "officers", `{officer(id:%q){name recordFile{sanctions{label imported from until} rewards{honour imported} complaints{id result imported}}}}`},
	"dismissal":           {ofOfficer, "officers", `{officer(id:%q){name status separatedOn cases{nodes{id summary}} recordFile{sanctions{measure forGood from} certificates{status}}}}`},
	"missed-target":       {ofPlan, "plans", `{plan(id:%q){title targets(result:ACCOUNTABLE){code title due officer{name}} tracebacks{id nodes{liability duty measure officer{name}} edges{from to}}}}`},
	"skipped-hearing":     {ofEnforcement, "enforcements", `{enforcement(id:%q){matter outcome review overrides{step reason approver} reviews{body ground} tracebacks{nodes{liability duty measure officer{name}} edges{from to}}}}`},
	"expired-certificate": {ofOfficer, "officers", `{officer(id:%q){name recordFile{certificates{number validFrom validTo status}}}}`},
	"discretion-outlier":  {ofWarning, "warnings", `{warning(id:%q){rule explanation explanationChinese status outcome officer{name} evidence{kind occurredAt} inspection{id status conclusion}}}`},
	"programme-cycle":     {ofProgramme, "programmes", `{programme(id:%q){agency{name} baseline{article score} result{article score events{id kind}} surveys{valid middleTwo{count share}}}}`},
	"survey-2015":         {ofProgramme, "programmes", `{programme(id:%q){surveys{valid verySatisfied{count share} middleTwo{count share}}}}`},
	"anonymous-complaint": {ofComplaint, "complaints", `{complaint(id:%q){realName channel status result summary cases{id status findings{result officer{name}}}}}`},
}

// storyQuery is the question that shows the story.
func storyQuery(p agency.Planted) string {
	q := storyQueries[p.Name]
	return fmt.Sprintf(q.query, q.about(p))
}
