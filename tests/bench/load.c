/*
 * Load for a Gopher or Gemini server, with a check of every reply:
 * load gopher|full|resumed HOST PORT LIST [-c CLIENTS] [-n REQUESTS] [-w FIRST] [-r RATE] [-p PID]
 * The lines of LIST (shared_pages.h) are asked in turn. -w requests are made first and not counted. With -r
 * (a second) requests begin at random moments (Poisson) whatever the server does, and
 * wait for a free client; without, each client asks again at once. The processor time
 * is that of the processes PID (several -p) and all below them.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench/shared_cpu.h"
#include "bench/shared_dial.h"
#include "bench/shared_die.h"
#include "bench/shared_pages.h"
#include "bench/shared_visit.h"

enum {
	PIDS_MAX = 16,
	EVENTS = 64,
	BILLION = 1000 * 1000 * 1000,
	SILENCE_SECONDS = 30, /* without any event: what is open has failed */
	SETTLE_MICROSECONDS = 50 * 1000,
};

struct load {
	struct aim aim;
	struct pages pages;
	size_t clients, requests, first;
	double rate; /* a second; 0: as fast as it goes */
	pid_t pids[PIDS_MAX];
	size_t pid_count;
	struct visitor *visitors;
	struct visitor **idle; /* a stack */
	size_t idle_count;
	size_t next_page;
	int epoll;
};

/* A part of the run: so many requests, of which some have begun. */
struct phase {
	size_t wanted, begun;
	double rate;
	int64_t due; /* when the next one is to begin, with a rate */
	struct tally tally;
};

static void finish(struct load *load, struct phase *phase, struct visitor *visitor,
		   enum outcome outcome)
{
	tally_add(&phase->tally, visitor->fd, outcome, clock_now() - visitor->since);
	visit_end(visitor);
	load->idle[load->idle_count++] = visitor;
}

static double random_gap(double rate)
{
	return -log(1 - drand48()) / rate;
}

/* Starts what is due and finds an idle client. */
static void start(struct load *load, struct phase *phase)
{
	while (phase->begun < phase->wanted && load->idle_count > 0) {
		int64_t now = clock_now();
		int64_t since = phase->rate > 0 ? phase->due : now;
		struct visitor *visitor;

		if (since > now)
			return;
		visitor = load->idle[--load->idle_count];
		if (!visit_start(visitor, load->epoll, &load->pages.items[load->next_page], since))
			finish(load, phase, visitor, OUTCOME_BROKEN);
		load->next_page = (load->next_page + 1) % load->pages.count;
		phase->begun++;
		if (phase->rate > 0)
			phase->due += (int64_t)(random_gap(phase->rate) * BILLION);
	}
}

/* Until something is ready or due; the count of events. */
static int await(struct load *load, const struct phase *phase, struct epoll_event *ready)
{
	int64_t wait = (int64_t)SILENCE_SECONDS * BILLION;
	struct timespec limit;
	int count;

	if (phase->rate > 0 && phase->begun < phase->wanted && load->idle_count > 0) {
		wait = phase->due - clock_now();
		if (wait < 0)
			wait = 0;
	}
	limit = (struct timespec){ .tv_sec = wait / BILLION, .tv_nsec = wait % BILLION };
	count = epoll_pwait2(load->epoll, ready, EVENTS, &limit, NULL);
	if (count == -1 && errno != EINTR)
		die("epoll: %s", strerror(errno));
	return count == 0 && wait == (int64_t)SILENCE_SECONDS * BILLION ? -1 : count;
}

static void give_up(struct load *load, struct phase *phase)
{
	for (size_t i = 0; i < load->clients; i++)
		if (load->visitors[i].page)
			finish(load, phase, &load->visitors[i], OUTCOME_LATE);
}

static void run(struct load *load, struct phase *phase)
{
	struct epoll_event ready[EVENTS];

	phase->due = clock_now();
	while (phase->tally.done < phase->wanted) {
		int count;

		start(load, phase);
		if (phase->tally.done == phase->wanted)
			break;
		count = await(load, phase, ready);
		if (count == -1)
			give_up(load, phase);
		for (int i = 0; i < count; i++) {
			struct visitor *visitor = ready[i].data.ptr;
			enum outcome outcome;

			if (visitor->page && visit_step(visitor, &outcome))
				finish(load, phase, visitor, outcome);
		}
	}
}

static int64_t cpu_used(const struct load *load)
{
	int64_t used = 0;

	usleep(SETTLE_MICROSECONDS); /* until the last connections are closed */
	for (size_t i = 0; i < load->pid_count; i++)
		used += cpu_of_tree(load->pids[i]);
	return used;
}

static void make_visitors(struct load *load)
{
	load->visitors = must_alloc(load->clients, sizeof(*load->visitors));
	load->idle = must_alloc(load->clients, sizeof(struct visitor *));
	for (size_t i = 0; i < load->clients; i++) {
		load->visitors[i] = (struct visitor){ .aim = &load->aim, .fd = -1 };
		load->idle[load->idle_count++] = &load->visitors[load->clients - 1 - i];
	}
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
}

static size_t number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || value > 100UL * 1000 * 1000)
		die("no number: %s", text);
	return value;
}

static void options(struct load *load, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "c:n:w:r:p:")) != -1) {
		if (option == 'c')
			load->clients = number(optarg);
		else if (option == 'n')
			load->requests = number(optarg);
		else if (option == 'w')
			load->first = number(optarg);
		else if (option == 'r')
			load->rate = strtod(optarg, NULL);
		else if (option == 'p' && load->pid_count < PIDS_MAX)
			load->pids[load->pid_count++] = (pid_t)number(optarg);
		else
			exit(2);
	}
	if (argc - optind != 4 || load->clients == 0 || load->requests == 0 || load->rate < 0)
		die("usage: load gopher|full|resumed HOST PORT LIST [-c CLIENTS] [-n REQUESTS] "
		    "[-w FIRST] [-r RATE] [-p PID]");
	if (strcmp(argv[optind], "gopher") != 0)
		load->aim.context = visit_context();
	load->aim.resumes = strcmp(argv[optind], "resumed") == 0;
	load->aim.address = dial_address(argv[optind + 1], argv[optind + 2]);
	load->pages = pages_load(argv[optind + 3]);
}

/* Every client has a session before the resumed handshakes that count begin. */
static void get_ready(struct load *load)
{
	struct phase phase = { .wanted = load->first };

	if (load->aim.resumes && phase.wanted < 2 * load->clients)
		phase.wanted = 2 * load->clients;
	tally_init(&phase.tally, phase.wanted + 1);
	load->aim.resumes = false;
	run(load, &phase);
	if (phase.tally.count[OUTCOME_RIGHT] != phase.tally.done)
		fprintf(stderr, "of the first %zu requests %zu failed\n", phase.tally.done,
			tally_failures(&phase.tally));
}

int main(int argc, char **argv)
{
	struct load load = { .clients = 16, .requests = 1000 };
	struct phase phase = { 0 };
	int64_t cpu, begin;
	bool resumes;

	options(&load, argc, argv);
	signal(SIGPIPE, SIG_IGN);
	make_visitors(&load);
	resumes = load.aim.resumes;
	get_ready(&load);
	load.aim.resumes = resumes;
	phase.wanted = load.requests;
	phase.rate = load.rate;
	tally_init(&phase.tally, load.requests);
	cpu = cpu_used(&load);
	begin = clock_now();
	run(&load, &phase);
	begin = clock_now() - begin;
	cpu = cpu_used(&load) - cpu;
	tally_print(&phase.tally, cpu, (double)begin / BILLION);
	return tally_failures(&phase.tally) > 0;
}
