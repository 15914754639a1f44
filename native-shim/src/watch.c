/* Readable descriptors as callbacks: one epoll thread an environment; each event is delivered once and armed again after its callback. epoll(7). */
#include "shim.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* The thread knows a watch by its ticket only: generation << 16 | place. One that was closed while its event was on
 * the way is found to be stale on the main thread, so nothing is freed under anybody's hands. */
#define PLACES 65536
#define STOP UINT64_MAX

struct watch {
	napi_ref callback; /* NULL: the place is free */
	int fd;
	uint32_t generation;
	uint32_t next_free;
};

struct watcher {
	int epoll, stop;
	pthread_t thread;
	napi_threadsafe_function deliver;
	struct watch *watches;
	uint32_t used, free;
};

#define NO_PLACE UINT32_MAX

static uint64_t ticket_of(const struct watcher *watcher, uint32_t place)
{
	return (uint64_t)watcher->watches[place].generation << 16 | place;
}

static void *wait_for_events(void *data)
{
	struct watcher *watcher = data;
	struct epoll_event events[64];
	for (;;) {
		int count = epoll_wait(watcher->epoll, events, 64, -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.u64 == STOP)
				return NULL;
			napi_call_threadsafe_function(watcher->deliver, (void *)(uintptr_t)events[i].data.u64, napi_tsfn_nonblocking);
		}
	}
}

static void arm(struct watcher *watcher, int operation, uint32_t place)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT, .data.u64 = ticket_of(watcher, place) };
	epoll_ctl(watcher->epoll, operation, watcher->watches[place].fd, &event);
}

static void deliver(napi_env env, napi_value unused, void *context, void *data)
{
	struct watcher *watcher = context;
	uint64_t ticket = (uintptr_t)data;
	uint32_t place = ticket & (PLACES - 1);
	napi_value callback, global;
	(void)unused;
	if (env == NULL || place >= watcher->used || ticket_of(watcher, place) != ticket)
		return;
	napi_get_reference_value(env, watcher->watches[place].callback, &callback);
	napi_get_global(env, &global);
	napi_call_function(env, global, callback, 0, NULL, NULL);
	if (ticket_of(watcher, place) == ticket)
		arm(watcher, EPOLL_CTL_MOD, place);
}

static void stop_watcher(void *data)
{
	struct watcher *watcher = data;
	uint64_t one = 1;
	if (write(watcher->stop, &one, sizeof one) == sizeof one)
		pthread_join(watcher->thread, NULL);
	close(watcher->epoll);
	close(watcher->stop);
	free(watcher->watches);
	free(watcher);
}

static struct watcher *start_watcher(napi_env env)
{
	struct watcher *watcher = calloc(1, sizeof *watcher);
	struct epoll_event stop = { .events = EPOLLIN, .data.u64 = STOP };
	napi_value name;
	if (watcher == NULL)
		return NULL;
	watcher->watches = calloc(PLACES, sizeof *watcher->watches);
	watcher->free = NO_PLACE;
	watcher->epoll = epoll_create1(EPOLL_CLOEXEC);
	watcher->stop = eventfd(0, EFD_CLOEXEC);
	epoll_ctl(watcher->epoll, EPOLL_CTL_ADD, watcher->stop, &stop);
	napi_create_string_utf8(env, "watch", NAPI_AUTO_LENGTH, &name);
	napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, NULL, NULL, watcher, deliver, &watcher->deliver);
	napi_unref_threadsafe_function(env, watcher->deliver);
	pthread_create(&watcher->thread, NULL, wait_for_events, watcher);
	napi_set_instance_data(env, watcher, NULL, NULL);
	napi_add_env_cleanup_hook(env, stop_watcher, watcher);
	return watcher;
}

static uint32_t take_place(struct watcher *watcher)
{
	uint32_t place = watcher->free;
	if (place != NO_PLACE)
		watcher->free = watcher->watches[place].next_free;
	else if (watcher->used < PLACES)
		place = watcher->used++;
	return place;
}

/* unwatch(ticket); a stale ticket is no error: a watch may be closed twice */
VERB(unwatch)
{
	struct call call = shim_call(env, info);
	struct watcher *watcher = NULL;
	double ticket = 0;
	napi_get_instance_data(env, (void **)&watcher);
	if (watcher == NULL || call.count < 1 || napi_get_value_double(env, call.argument[0], &ticket) != napi_ok)
		return NULL;
	uint32_t place = (uint64_t)ticket & (PLACES - 1);
	struct watch *watch = &watcher->watches[place];
	if (place >= watcher->used || ticket_of(watcher, place) != (uint64_t)ticket || watch->callback == NULL)
		return NULL;
	epoll_ctl(watcher->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	napi_delete_reference(env, watch->callback);
	watch->callback = NULL;
	watch->generation++;
	watch->next_free = watcher->free;
	watcher->free = place;
	return NULL;
}

/* watch(fd, callback) -> ticket for unwatch */
VERB(watch)
{
	struct call call = shim_call(env, info);
	struct watcher *watcher = NULL;
	int32_t fd = shim_int(&call, 0);
	if (call.failed)
		return NULL;
	napi_get_instance_data(env, (void **)&watcher);
	if (watcher == NULL)
		watcher = start_watcher(env);
	uint32_t place = watcher == NULL ? NO_PLACE : take_place(watcher);
	if (place == NO_PLACE)
		return shim_throw(env, ENOMEM, "watch");
	struct watch *watch = &watcher->watches[place];
	watch->fd = fd;
	napi_create_reference(env, call.argument[1], 1, &watch->callback);
	arm(watcher, EPOLL_CTL_ADD, place);
	return shim_number(env, (double)ticket_of(watcher, place));
}
