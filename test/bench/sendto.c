/* What one plain UDP sendto costs here: a loop of them, nothing else. Arguments: address, port, count, bytes. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	static char bytes[65536];
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct rusage usage;

	if (argc != 5 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		return 1;
	to.sin_port = htons((unsigned short)atoi(argv[2]));
	int count = atoi(argv[3]), length = atoi(argv[4]), fd = socket(AF_INET, SOCK_DGRAM, 0);
	for (int i = 0; i < count; i++)
		if (sendto(fd, bytes, (size_t)length, 0, (struct sockaddr *)&to, sizeof to) < 0)
			return perror("sendto"), 1;
	getrusage(RUSAGE_SELF, &usage);
	double seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
			 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	printf("%f\n", seconds / count * 1e6);
	return 0;
}
