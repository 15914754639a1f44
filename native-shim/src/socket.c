/* Sockets that Node cannot open, in any network namespace; and pidfds. socket(2), setns(2), pidfd_open(2). */
#include "shim.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

struct request {
	int domain, type, protocol;
	const char *namespace;
	int fd, error;
	const char *syscall;
};

static void open_socket(struct request *request)
{
	request->fd = socket(request->domain, request->type | SOCK_CLOEXEC | SOCK_NONBLOCK, request->protocol);
	if (request->fd < 0) {
		request->error = errno;
		request->syscall = "socket";
	}
}

/* A namespace belongs to a thread: this one enters it, opens the socket and ends; no other thread ever moves. */
static void *open_inside(void *argument)
{
	struct request *request = argument;
	int namespace = open(request->namespace, O_RDONLY | O_CLOEXEC);
	if (namespace < 0) {
		request->error = errno;
		request->syscall = "open";
		return NULL;
	}
	if (setns(namespace, CLONE_NEWNET) < 0) {
		request->error = errno;
		request->syscall = "setns";
	} else {
		open_socket(request);
	}
	close(namespace);
	return NULL;
}

/* socket(domain, type, protocol, namespace?) -> fd */
VERB(socket)
{
	struct call call = shim_call(env, info);
	char namespace[512];
	struct request request = {
		.domain = shim_int(&call, 0), .type = shim_int(&call, 1), .protocol = shim_int(&call, 2), .fd = -1,
	};
	if (call.failed)
		return NULL;
	if (!shim_given(&call, 3)) {
		open_socket(&request);
	} else {
		pthread_t thread;
		size_t length;
		if (napi_get_value_string_utf8(env, call.argument[3], namespace, sizeof namespace, &length) != napi_ok)
			return napi_throw_type_error(env, NULL, "argument 4: expected a path"), NULL;
		request.namespace = namespace;
		int error = pthread_create(&thread, NULL, open_inside, &request);
		if (error != 0)
			return shim_throw(env, error, "pthread_create");
		pthread_join(thread, NULL);
	}
	return request.fd < 0 ? shim_throw(env, request.error, request.syscall) : shim_number(env, request.fd);
}

/* pidfd(pid) -> fd, readable when the process ends */
VERB(pidfd)
{
	struct call call = shim_call(env, info);
	int32_t pid = shim_int(&call, 0);
	if (call.failed)
		return NULL;
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	return fd < 0 ? shim_throw(env, errno, "pidfd_open") : shim_number(env, fd);
}

static napi_value with_address(struct call call, int (*verb)(int, const struct sockaddr *, socklen_t), const char *name)
{
	int32_t fd = shim_int(&call, 0);
	struct bytes address = shim_bytes(&call, 1);
	if (!call.failed && verb(fd, (struct sockaddr *)address.at, (socklen_t)address.length) < 0)
		shim_throw(call.env, errno, name);
	return NULL;
}

VERB(bind)
{
	return with_address(shim_call(env, info), bind, "bind");
}

VERB(connect)
{
	return with_address(shim_call(env, info), connect, "connect");
}

/* name(fd) -> the socket's own sockaddr */
VERB(name)
{
	struct call call = shim_call(env, info);
	int32_t fd = shim_int(&call, 0);
	struct sockaddr_storage address;
	socklen_t length = sizeof address;
	if (call.failed)
		return NULL;
	if (getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		return shim_throw(env, errno, "getsockname");
	return shim_copy(env, &address, length);
}

VERB(close)
{
	struct call call = shim_call(env, info);
	int32_t fd = shim_int(&call, 0);
	if (!call.failed && close(fd) < 0)
		shim_throw(env, errno, "close");
	return NULL;
}
