package tongues_test

import (
	"fmt"
	"log"
	"testing/fstest"

	"github.com/probity-ledger/probity/console/tongues"
)

func Example() {
	words, err := tongues.Load(fstest.MapFS{
		"en.json": {Data: []byte(`{"found": "%d found"}`)},
		"zh.json": {Data: []byte(`{"found": "找到 %d 项"}`)},
	}, "%s.json")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(words.Say(tongues.Asked("zh-CN,zh;q=0.9"), "found", 3))
	fmt.Println(tongues.Isolate("en", "invoice\u202efdp.exe"))
	// Output:
	// 找到 3 项
	// <bdi>invoice<span class="unseen">U+202E</span>fdp.exe</bdi>
}
