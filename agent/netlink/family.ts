// Families of addresses, as messages name them. sys/socket.h.

export const AF_INET = 2;
export const AF_INET6 = 10;
