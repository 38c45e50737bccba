package main

import (
	"slices"
	"sync"
	"testing"

	"sidereal/internal/modeltest"
	"sidereal/internal/natstest"
	"sidereal/internal/pgtest"
	"sidereal/internal/redistest"
)

// with is the environment of a server that has a fake language model, which it trusts for long.
func with(fake *modeltest.Server, environment []string, more ...string) []string {
	return slices.Concat(environment, []string{"SIDEREAL_MODEL_URL=" + fake.URL(), "SIDEREAL_MODEL_NAME=fake", "SIDEREAL_MODEL_KEY=" + modeltest.Key}, more)
}

// together is the environment of servers on the same PostgreSQL, NATS and Redis.
func together(t testing.TB) []string {
	t.Helper()

	return []string{
		"SIDEREAL_DATABASE_URL=" + pgtest.Start(t).NewDatabase(t), "SIDEREAL_REDIS_URL=" + redistest.Start(t).URL(), "SIDEREAL_NATS_URL=" + natstest.Start(t).URL(),
	}
}

// A process that is killed in the middle of writing leaves a reading that is written to its end, by itself when it is back or by another one, with no section twice: in the
// store and in what followers hear, who change from one to the other.
func TestAReadingSurvivesTheDeathOfItsWriter(t *testing.T) {
	t.Run("one server", func(t *testing.T) {
		fake := modeltest.Start(t)
		survive(t, fake, launch(t, with(fake, embedded(t))))
	})

	if testing.Short() {
		return
	}

	t.Run("two servers", func(t *testing.T) {
		fake, shared := modeltest.Start(t), together(t)

		survive(t, fake, launch(t, with(fake, embedded(t), shared...)), launch(t, with(fake, embedded(t), shared...)))
	})
}

func survive(t *testing.T, fake *modeltest.Server, servers ...*process) {
	t.Helper()

	fake.Set(modeltest.Slow)

	first := servers[0].server()
	hash := first.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
	r, created := first.ask(t, hash, nil, "engine", "LANGUAGE_MODEL", "detail", "BRIEF")

	if !created {
		t.Fatal("the reading is there already")
	}

	endpoints := make([]string, len(servers))
	for i, p := range servers {
		endpoints[i] = "http://" + p.address + "/graphql"
	}

	var once sync.Once

	killed := make(chan struct{})

	steps := followAll(t, endpoints, hash, r.ID, func(s step) {
		if s.Type == "READING_SECTION_READY" && s.Number == 1 { // the third one is being written
			once.Do(func() {
				go func() {
					defer close(killed)

					servers[0].kill()
					fake.Set(modeltest.Well)

					if len(servers) == 1 { // the other one takes over otherwise
						if err := servers[0].start(); err != nil {
							t.Error(err)
						}
					}
				}()
			})
		}
	})

	<-killed
	wantWholeCourse(t, steps, "READING_COMPLETED")
	wantOnce(t, servers[len(servers)-1].server().ended(t, r.ID))
}

// All who ask for the same at once, on whichever node, get one reading, which is written once; and all hear it to its end.
func TestAHundredClientsWhoAskForTheSameGetOneReading(t *testing.T) {
	fake := modeltest.Start(t)
	environment := embedded(t)
	servers := []*process{}

	if testing.Short() {
		servers = append(servers, launch(t, with(fake, environment)))
	} else {
		shared := together(t)
		servers = append(servers, launch(t, with(fake, environment, shared...)), launch(t, with(fake, embedded(t), shared...)))
	}

	const clients = 100

	hash := servers[0].server().calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
	all, news := make([]readingView, clients), make([]bool, clients)

	_ = atOnce(clients, func(i int) error {
		all[i], news[i] = servers[i%len(servers)].server().ask(t, hash, nil, "engine", "LANGUAGE_MODEL", "detail", "BRIEF")

		return nil
	})

	created := 0

	for i := range all {
		if all[i].ID != all[0].ID {
			t.Errorf("client %d got %s, the first %s", i, all[i].ID, all[0].ID)
		}

		if news[i] {
			created++
		}
	}

	if created != 1 {
		t.Errorf("%d are told that the reading is new, want one", created)
	}

	courses := make([][]step, clients)

	_ = atOnce(clients, func(i int) error {
		courses[i] = followAll(t, []string{"http://" + servers[i%len(servers)].address + "/graphql"}, hash, all[0].ID, nil)

		return nil
	})

	for i := range courses {
		if wantWholeCourse(t, courses[i], "READING_COMPLETED"); len(courses[i]) != len(courses[0]) {
			t.Errorf("client %d heard %d events, the first %d", i, len(courses[i]), len(courses[0]))
		}
	}

	r := servers[0].server().ended(t, all[0].ID)
	wantOnce(t, r)

	if n := fake.Count(); n != len(r.Sections) {
		t.Errorf("the model was asked %d times for %d sections", n, len(r.Sections))
	}
}
