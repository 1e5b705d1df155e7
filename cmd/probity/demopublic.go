package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
)

// demoNonce is that of the form by which somebody complains in the demo, so
// that everybody finds the complaint by the same receipt code.
const demoNonce = "6c696e7075323032360000000000000a"

// demoCode is that code.
var demoCode = intake.CodeOf(demoNonce)

// public plays what the district's play cannot, which has no vault: somebody
// files a complaint over the public pages, is asked about it and answers.
func (a *app) public(ctx context.Context, h *house.House, story *agency.Story) error {
	unit := story.Agencies[len(story.Agencies)-1].Unit
	clerk, handler := domain.ActorID("intake"), domain.ActorID("handler")
	for _, p := range story.People {
		switch {
		case p.Agency != unit:
		case p.Role == domain.RoleIntake:
			clerk = p.Subject
		case p.Role == domain.RoleHandler:
			handler = p.Subject
		}
	}
	type line map[string]any
	for i, l := range []line{
		{"command": "complaint.receive", "actor": "public", "role": domain.RolePublic, "receipt": demoCode,
			"data":     line{"channel": "web", "category": "delay", "summary": "三次到窗口办理变更登记，每次都说系统故障，没有书面答复。", "place": "办事大厅3号窗口", "unit": unit, "realName": true},
			"reporter": line{"name": "冯一宁", "phone": "13800000000"}},
		{"command": "complaint.acknowledge", "actor": clerk, "role": domain.RoleIntake},
		{"command": "complaint.ask_reporter", "actor": clerk, "role": domain.RoleIntake, "question": "请告诉我们三次到窗口的日期，以及受理编号。"},
		{"command": "complaint.reply", "actor": "public", "role": domain.RolePublic, "reply": "六月十日、十二日和十七日，都是上午。编号我下周查到后补充。"},
		{"command": "complaint.screen", "actor": clerk, "role": domain.RoleIntake, "data": line{"admissible": true, "ground": "属于本机关窗口"}},
		{"command": "complaint.accept", "actor": clerk, "role": domain.RoleIntake},
		{"command": "complaint.assign_handler", "actor": clerk, "role": domain.RoleIntake, "data": line{"handler": handler}},
		{"command": "complaint.ask_reporter", "actor": handler, "role": domain.RoleHandler, "question": "我是承办人。请在查到编号后从这里补充，也可以上传照片。"},
	} {
		l["id"], l["subject"] = fmt.Sprint("public-", i), house.ComplaintOf(demoNonce)
		raw, err := json.Marshal(l)
		if err != nil {
			return err
		}
		_, receipt, err := h.Submit(ctx, raw)
		if err != nil {
			return fmt.Errorf("play the complaint of the public: %w", err)
		}
		story.Instructions++
		story.Events += len(receipt.Events) + len(receipt.Followed)
	}
	return nil
}

// printPublic says what to do without signing in.
func printPublic(w io.Writer, base string) {
	fmt.Fprintf(w, "\nWithout signing in: complain, or ask about a complaint by its receipt code\n  %s/public/\n  %s\n", base, inFours(demoCode))
}

// inFours writes a receipt code as people read it.
func inFours(code string) string {
	out := ""
	for i, digit := range code {
		if i > 0 && i%4 == 0 {
			out += " "
		}
		out += string(digit)
	}
	return out
}
