package console

// programmesPage lists the cycles of the programme.
var programmesPage = page{
	name: "programmes", route: "/programmes", must: "programmes",
	document: connection("programmes", "ProgrammeFilter", `id status from to scheme agency { id name nameEn }`),
	variables: func(a *asked) (map[string]any, error) {
		return addPage(a, 50, map[string]any{"filter": choice(a, map[string]any{}, "status", "agency")}), nil
	},
}

const cell = `{ count share suppressed }`

// programmePage is a cycle: the twenty articles before and after, the guidance
// of the overseer, and the surveys.
var programmePage = page{
	name: "programme", route: "/programmes/{id}", must: "programme",
	document: `query Programme($id: ID!) {
  programme(id: $id) {
    id status from to scheme note imported agency { id name nameEn } baselineOn resultOn
    comparison { article title titleZh level baseline measuredBefore result measuredAfter suppressed }
    guidance { on by text articles }
    practices { on title }
    surveys { code instrument heldOn closed distributed valid
      verySatisfied ` + cell + ` fairlyGood ` + cell + ` average ` + cell + ` needsStrengthening ` + cell + ` middleTwo ` + cell + `
      measures { code text exists ` + cell + ` known ` + cell + ` wanted ` + cell + ` } }
  }
}`,
	variables: id,
	prepare:   surveyCharts,
}
