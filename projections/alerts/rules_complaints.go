package alerts

import (
	"fmt"

	"github.com/probity-ledger/probity/domain/complaint"
)

// ofComplaints are the rules about what the public says.
var ofComplaints = []*Rule{{
	Code: "complaint.repeated", Version: "1", Name: "complaints repeat about one post", Chinese: "同一岗位重复投诉", Article: "I3",
	Finds:        "complaints of one category about one post were received again and again",
	Not:          "that any of them is borne out, or anything of who holds the post: few complaints hardly tell one post from another. Look at how the work is done there",
	FindsChinese: "一再收到对同一岗位的同类投诉",
	NotChinese:   "其中任何一件属实，也不说明任岗人员如何：少量投诉几乎无法区分岗位之间的差别。请查看该岗位的工作方式",
	Where:        patterns, Threshold: patterned("complaint.repeated"), ThresholdChinese: patternedChinese("complaint.repeated"),
	hears: []heard{on(func(x *scene, e complaint.Received) {
		if !x.imported() && e.Post != "" {
			x.note(string(e.Post)+" "+e.Category, Note{Unit: e.Unit, Post: e.Post, Text: e.Category, Passing: true})
		}
	})},
	judge: func(x *scene, m *Matter) (out []Hit) {
		for _, run := range x.runs("complaint.repeated", m.Notes, nil) {
			last := run[len(run)-1]
			out = append(out, Hit{Unit: last.Unit, Post: last.Post, From: last.On, Evidence: evidence(run...), Score: len(run), Exposure: len(run),
				Baseline:    "a complaint that is answered does not come again",
				Explanation: fmt.Sprintf("%d complaints of the category %s about post %s were received between %s and %s.", len(run), last.Text, last.Post, run[0].On.Date(), last.On.Date()),

				BaselineChinese:    "投诉得到答复后不再重复发生",
				ExplanationChinese: fmt.Sprintf("自%s至%s，对岗位%s收到%d件类别为“%s”的投诉。", run[0].On.Date(), last.On.Date(), last.Post, len(run), last.Text)})
		}
		return out
	},
}}
